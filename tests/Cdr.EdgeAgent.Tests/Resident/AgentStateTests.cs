using Cdr.Contracts.Sessions;
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
        using var platform = new WordedPlatform { Warnings = [new PostWarning("cryptolib-below-recommended", "Votre Cryptolib…", "Mettez-la à jour.", null)] };
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
        await stop.CancelAsync();
        await running;
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
