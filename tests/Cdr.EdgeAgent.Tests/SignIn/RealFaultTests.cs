using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.SignIn;

/// <summary>One agent that is put through every way in which a card or its service can go away under it.</summary>
public sealed class RealFaultTests(RunningPlatform platform)
{
    private const string Clerk = "cpe-admissions-nord";

    [Fact]
    public async Task A_card_withdrawn_before_any_command_opens_nothing_and_the_next_one_does()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        var commands = await SignInAsync(pcscd, agent, null);
        Assert.InRange(commands, 20, 60);
        for (var at = 0; at < commands; at++)
        {
            using var card = await platform.CardAsync(Clerk);
            InsertedCard? inserted = null;
            card.Watch = (number, _) =>
            {
                if (number == at)
                    inserted!.Withdraw();
            };
            using (inserted = InsertedCard.Insert(card, pcscd.PortOf(0)))
            {
                await agent.SeesAsync(1);
                agent.Types("1234");
                var reply = await agent.AskAsync(new { verb = "login" });
                Assert.True(CodeOf(reply) is "card-withdrawn" or "reader-failed" or "card-reset", $"Withdrawn at {at}: {CodeOf(reply)}");
                Assert.Equal("none", (await agent.StateAsync()).GetProperty("session").GetString());
            }

            await agent.SeesAsync(0);
        }

        await SignInAsync(pcscd, agent, null);
    }

    [Fact]
    public async Task The_card_service_killed_at_every_step_is_survived()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        // A step: a command of another kind than the one before it.
        var steps = new List<int>();
        byte last = 0;
        await SignInAsync(pcscd, agent, (number, command) =>
        {
            if (command[1] != last)
                steps.Add(number);
            last = command[1];
        });
        Assert.InRange(steps.Count, 8, 40);
        foreach (var step in steps)
        {
            using var card = await platform.CardAsync(Clerk);
            card.Watch = (number, _) =>
            {
                if (number == step)
                    pcscd.KillNow();
            };
            using (InsertedCard.Insert(card, pcscd.PortOf(0)))
            {
                await agent.SeesAsync(1);
                agent.Types("1234");
                agent.Forget();
                var reply = await agent.AskAsync(new { verb = "login" });
                Assert.True(CodeOf(reply) is "reader-service-gone" or "card-withdrawn", $"Killed at {step}: {CodeOf(reply)}");
                await agent.SaysAsync("monitor-lost");
            }

            await pcscd.KillAsync();
            await pcscd.StartAsync();
            await agent.SeesAsync(0);
        }

        await SignInAsync(pcscd, agent, null);
    }

    [Fact]
    public async Task A_session_outlives_a_restart_of_the_service_with_its_card_and_not_with_another()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        string token;
        using (InsertedCard.Insert(card, pcscd.PortOf(0)))
        {
            await agent.SeesAsync(1);
            token = await platform.RedeemAsync(await agent.AskAsync(new { verb = "login" }));
            await pcscd.KillAsync();
            await agent.SaysAsync("monitor-lost");
            Assert.Equal("doubtful", (await agent.StateAsync()).GetProperty("session").GetString());
        }

        await pcscd.StartAsync();
        using (InsertedCard.Insert(card, pcscd.PortOf(0)))
        {
            await Deadline.UntilAsync("the same card is proven present", TimeSpan.FromSeconds(14), async () =>
                (await agent.StateAsync()).GetProperty("session").GetString() == "open", TestContext.Current.CancellationToken);
            await Deadline.UntilAsync("the platform answers again", TimeSpan.FromSeconds(10), async () => await platform.AskAsync(token) == 200, TestContext.Current.CancellationToken);
            agent.Forget();
            await pcscd.KillAsync();
            await agent.SaysAsync("monitor-lost");
        }

        await pcscd.StartAsync();
        using var other = await platform.CardAsync("cps-infirmier", CardProfile.Cps3 with { Serial = "80250000010000009999" });
        using (InsertedCard.Insert(other, pcscd.PortOf(0)))
            await agent.SaysAsync("session-ended");
        Assert.False(await platform.LivesAsync(token));
    }

    [Fact]
    public async Task Without_the_service_a_session_ends_after_fifteen_seconds()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var token = await platform.RedeemAsync(await agent.AskAsync(new { verb = "login" }));
        await pcscd.KillAsync();
        await agent.SaysAsync("monitor-lost");
        // Nothing is answered from then on, and the session is not over.
        await Deadline.UntilAsync("the doubt is known everywhere", TimeSpan.FromSeconds(10), async () => await platform.AskAsync(token) == 503, TestContext.Current.CancellationToken);
        Assert.Equal("doubtful", (await agent.StateAsync()).GetProperty("session").GetString());
        var ended = await agent.SaysAsync("session-ended", TimeSpan.FromSeconds(25));
        Assert.Contains("reader-lost", ended.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal(401, await platform.AskAsync(token));
    }

    /// <summary>Inserts, signs in, withdraws; how many commands it took.</summary>
    private async Task<int> SignInAsync(PrivatePcscd pcscd, AgentProcess agent, Action<int, byte[]>? watch)
    {
        using var card = await platform.CardAsync(Clerk);
        card.Watch = watch;
        int commands;
        using (InsertedCard.Insert(card, pcscd.PortOf(0)))
        {
            await agent.SeesAsync(1);
            agent.Types("1234");
            agent.Forget();
            Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login" })));
            commands = card.Commands;
        }

        await agent.SaysAsync("session-ended");
        await agent.SeesAsync(0);
        return commands;
    }
}
