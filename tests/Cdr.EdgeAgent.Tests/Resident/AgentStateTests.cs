using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;
using Cdr.EdgeAgent.SignIn;
using Cdr.EdgeAgent.Tests.Monitoring;
using Cdr.EdgeAgent.Tests.VirtualCards;

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
}
