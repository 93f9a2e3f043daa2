using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Commands;
using Cdr.EdgeAgent.Diagnosis;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;
using Cdr.EdgeAgent.SignIn;
using Cdr.EdgeAgent.Tests.Monitoring;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;

namespace Cdr.EdgeAgent.Tests.Resident;

public sealed class AgentStateTests
{
    [Fact]
    public async Task What_the_platforms_policy_said_of_the_post_is_kept_by_its_codes()
    {
        using var platform = new WordedPlatform { Warnings = [new PostWarning("cryptolib-below-recommended", "Votre Cryptolib…", "Mettez-la à jour.", new DateOnly(2027, 1, 31))] };
        using var card = TestCards.Make();
        using var pcsc = new ScriptedPcsc { Connected = _ => new CardInProcess(card) };
        pcsc.Put("Reader 00 00", Convert.ToHexString(card.Atr));
        var settings = new AgentSettings { Platform = WordedPlatform.Address };
        using var agent = new Agent(
            settings, new CardDoor(pcsc, null, TimeProvider.System), platform.Reached(), new AgentKey(TimeProvider.System), new GivenPin(),
            new PostProbes(settings, () => []), new HandLocks(), TimeProvider.System, (_, _) => { });
        using var stop = new CancellationTokenSource();
        var running = agent.RunAsync(stop.Token);
        Assert.Null(agent.State().LastSignIn);
        var reply = await agent.SignInAsync(null, null, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("signed-in", reply.Code);
        Assert.Equal(("signed-in", "cryptolib-below-recommended"), (agent.State().LastSignIn, Assert.Single(agent.State().PostWarnings!)));
        const string Words = "Votre Cryptolib… Mettez-la à jour. À partir du 31/01/2027, ce poste n'ouvrira plus de session avec cette carte.";
        Assert.Equal(Words, Assert.Single(reply.Warnings!));
        Assert.Equal(Words, Assert.Single((await agent.AnswerAsync(new AgentRequest("status"), TestContext.Current.CancellationToken)).Warnings!));
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(null, null, "reader-absent", "Branchez-le")]
    [InlineData("Reader 00 00", "", "card-absent", "Insérez votre carte")]
    // Over the air: by its answer, and by the name of its slot.
    [InlineData("Reader 00 00", "3B8F80010031B86404B0ECC1739401808290000E", "card-contactless", "dans la fente d'un lecteur à contact")]
    [InlineData("OMNIKEY 5422 Contactless 00 00", "3BAC00402A001225006480000310009000", "card-contactless", "dans la fente d'un lecteur à contact")]
    [InlineData("Reader 00 00", "3B00", "card-not-cpx", "Insérez votre carte")]
    public async Task Whoever_has_no_card_that_signs_in_is_told_what_is_missing(string? reader, string? atr, string code, string next)
    {
        using var platform = new WordedPlatform();
        using var pcsc = new ScriptedPcsc();
        if (reader is not null)
            pcsc.Put(reader, atr!);
        var settings = new AgentSettings { Platform = WordedPlatform.Address };
        using var agent = new Agent(
            settings, new CardDoor(pcsc, null, TimeProvider.System), platform.Reached(), new AgentKey(TimeProvider.System), new GivenPin(),
            new PostProbes(settings, () => []), new HandLocks(), TimeProvider.System, (_, _) => { });
        using var stop = new CancellationTokenSource();
        var running = agent.RunAsync(stop.Token);
        var reply = await agent.SignInAsync(null, null, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal((false, code), (reply.Done, reply.Code));
        Assert.Contains(next, reply.Next, StringComparison.Ordinal);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void Readers_that_are_none_are_a_refusal_that_says_what_to_do_and_a_card_that_is_not_read_is_told_in_words()
    {
        using var pcsc = new ScriptedPcsc();
        var none = ReadersCommand.Reply(pcsc);
        Assert.Equal((false, "reader-absent", 0), (none.Done, none.Code, none.Readers!.Count));
        pcsc.Put("Reader 00 00", "3BAC00402A001225006480000310009000");
        var one = ReadersCommand.Reply(pcsc);
        Assert.Equal((true, "readers", "Reader 00 00 : carte CPx (CPS3)"), (one.Done, one.Code, one.Words));

        // It left between the look and the reading.
        var card = JsonSerializer.SerializeToElement(Assert.Single(DiagnosedReaders.Cards(pcsc).Cards), AgentSettings.Json);
        Assert.Equal(("card-withdrawn", "La carte a été retirée."), (card.GetProperty("trouble").GetString(), card.GetProperty("words").GetString()));
        Assert.NotEmpty(card.GetProperty("next").GetString()!);
    }

    [Fact]
    public async Task Whoever_was_told_that_the_readers_are_silent_is_told_that_they_are_back()
    {
        using var platform = new WordedPlatform();
        using var pcsc = new ScriptedPcsc();
        pcsc.Put("Reader 00 00", "3B00");
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var agent = new Agent(
            new AgentSettings(), new CardDoor(pcsc, null, TimeProvider.System), platform.Reached(), new AgentKey(TimeProvider.System), new GivenPin(),
            new PostProbes(new AgentSettings(), () => []), new HandLocks(), TimeProvider.System, (code, _) => said.Enqueue(code));
        using var stop = new CancellationTokenSource();
        var running = agent.RunAsync(stop.Token);
        await agent.LookedAsync(TestContext.Current.CancellationToken);
        Assert.Empty(said);
        pcsc.Fail(0x8010001E);
        await Deadline.UntilAsync("the readers are silent", TimeSpan.FromSeconds(60), () => said.Contains("monitor-lost"), TestContext.Current.CancellationToken);
        pcsc.Fail(null);
        await Deadline.UntilAsync("the readers are back", TimeSpan.FromSeconds(60), () => said.Contains("monitor-back"), TestContext.Current.CancellationToken);
        pcsc.Put("Reader 00 00", "3B00");
        await stop.CancelAsync();
        await running;
        Assert.Equal(["monitor-lost", "monitor-back"], said);
    }
}
