using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

public sealed class PresenceTests : IDisposable
{
    private const string Card = "cps-infirmier";
    private readonly Statements statements = new();
    private readonly SessionsHost host;
    private readonly TestAgent agent;

    public PresenceTests(PrintedCards cards)
    {
        host = new SessionsHost(cards, services: services => services.ConfigureDbContext<SessionsDb>(options => options.AddInterceptors(statements)));
        agent = new TestAgent(host);
    }

    public static TheoryData<string, string> Ends => new()
    {
        { AgentStatements.Withdrawn, SessionEnds.Withdrawn }, { AgentStatements.ReaderLost, SessionEnds.ReaderLost }, { AgentStatements.Locked, SessionEnds.Locked },
        { AgentStatements.LoggedOff, SessionEnds.LoggedOff }, { AgentStatements.SignedOut, SessionEnds.SignedOut },
    };

    [Fact]
    public async Task Heartbeats_keep_a_session_and_sixty_silent_seconds_end_it()
    {
        var grant = await agent.SignInAsync(Card);
        for (var beat = 0; beat < 10; beat++)
        {
            await LaterAsync(20);
            Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
        }

        await LaterAsync(55);
        Assert.Equal(SessionGate.Alive[0], (await CopyAsync(grant))![0]);
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        await LaterAsync(5);
        Assert.Null(await CopyAsync(grant));
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(SessionEnds.HeartbeatLost, await WhyAsync(grant));
        Assert.Equal(SessionGate.Ended, await CopyAsync(grant));
        Assert.Equal(new PresenceAnswer("ended", SessionEnds.HeartbeatLost), (await agent.StateAsync(grant.Session)).Value);
    }

    [Fact]
    public async Task A_late_heartbeat_brings_nothing_back()
    {
        var grant = await agent.SignInAsync(Card);
        await LaterAsync(60);
        Assert.Equal(new PresenceAnswer("ended", SessionEnds.HeartbeatLost), (await agent.StateAsync(grant.Session)).Value);
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task Nobody_uses_it_and_it_ends_all_the_same()
    {
        var (silent, heard) = (await agent.SignInAsync(Card), new TestAgent(host));
        var other = await heard.SignInAsync("cpe-referent");
        await LaterAsync(40);
        await heard.StateAsync(other.Session);
        await LaterAsync(21);
        await host.Services.GetRequiredService<Housekeeping>().RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SessionEnds.HeartbeatLost, await WhyAsync(silent));
        Assert.Null(await WhyAsync(other));
    }

    [Fact]
    public async Task A_heartbeat_reads_and_writes_no_database()
    {
        var grant = await agent.SignInAsync(Card);
        await agent.StateAsync(grant.Session);
        Assert.NotEqual(0, statements.Count);
        statements.Count = 0;
        for (var beat = 0; beat < 5; beat++)
            Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
        Assert.Equal(0, statements.Count);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_the_agent_saw_ends_the_session_at_once(string kind, string because)
    {
        var grant = await agent.SignInAsync(Card);
        Assert.Equal(new PresenceAnswer("ended", because), (await agent.StateAsync(grant.Session, kind)).Value);
        Assert.Equal(SessionGate.Ended, await CopyAsync(grant));
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(because, await WhyAsync(grant));
        // Said again, it stays what it was.
        Assert.Equal(new PresenceAnswer("ended", because), (await agent.StateAsync(grant.Session, AgentStatements.Withdrawn)).Value);
        Assert.Equal(new PresenceAnswer("ended", because), (await agent.StateAsync(grant.Session)).Value);
    }

    [Fact]
    public async Task A_doubt_is_seen_by_all_at_once_and_the_next_heartbeat_ends_it()
    {
        var grant = await agent.SignInAsync(Card);
        Assert.Equal("alive", (await agent.StateAsync(grant.Session, AgentStatements.Doubtful)).Value.State);
        Assert.Equal(SessionState.Doubtful, await StateOfAsync(grant));
        // A renewal in between brings no certainty.
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(SessionState.Doubtful, await StateOfAsync(grant));
        Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
        Assert.Equal(SessionState.Alive, await StateOfAsync(grant));
        await agent.StateAsync(grant.Session, AgentStatements.Doubtful);
        Assert.Equal(new PresenceAnswer("ended", SessionEnds.ReaderLost), (await agent.StateAsync(grant.Session, AgentStatements.ReaderLost)).Value);
        Assert.Equal(SessionState.Ended, await StateOfAsync(grant));
        // Ended, it is in doubt no more.
        Assert.Equal("ended", (await agent.StateAsync(grant.Session, AgentStatements.Doubtful)).Value.State);
        Assert.Equal(SessionState.Ended, await StateOfAsync(grant));
    }

    [Fact]
    public async Task A_doubt_outlives_a_shared_state_that_forgot_and_a_session_nobody_settles_ends()
    {
        var grant = await agent.SignInAsync(Card);
        await agent.StateAsync(grant.Session, AgentStatements.Doubtful);
        await host.Services.GetRequiredService<ISharedState>().RemoveAsync(SessionGate.Key(grant.Session.ToString()), null, TestContext.Current.CancellationToken);
        await agent.StateAsync(grant.Session, AgentStatements.Doubtful);
        Assert.Equal(SessionState.Doubtful, await StateOfAsync(grant));
        await LaterAsync(60);
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(SessionEnds.HeartbeatLost, await WhyAsync(grant));
    }

    [Fact]
    public async Task A_doubt_before_redemption_waits_and_a_doubtful_card_put_back_needs_its_pin()
    {
        var opening = (await agent.OpenAsync(Card)).Value;
        Assert.Equal(new PresenceAnswer("waiting", null), (await agent.StateAsync(opening.Session, AgentStatements.Doubtful)).Value);
        agent.Insertion++;
        Assert.Equal(new PresenceAnswer("ended", SessionEnds.Withdrawn), (await agent.StateAsync(opening.Session, AgentStatements.Doubtful)).Value);
        Assert.Equal("ticket-used", (await agent.RedeemAsync(opening.Ticket)).Code);
    }

    [Fact]
    public async Task A_card_that_was_out_in_between_needs_its_pin_again()
    {
        var grant = await agent.SignInAsync(Card);
        agent.Insertion++;
        Assert.Equal(new PresenceAnswer("ended", SessionEnds.Withdrawn), (await agent.StateAsync(grant.Session)).Value);
        agent.Insertion--;
        Assert.Equal("ended", (await agent.StateAsync(grant.Session)).Value.State);
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task A_replayed_statement_is_refused()
    {
        var grant = await agent.SignInAsync(Card);
        var (first, second) = (agent.Statement(grant.Session), agent.Statement(grant.Session));
        Assert.Equal(200, (await agent.StateAsync(second)).Status);
        Replayed(await agent.StateAsync(second));
        Replayed(await agent.StateAsync(first));
    }

    [Fact]
    public async Task A_replay_does_not_hold_a_session_where_the_shared_state_forgot()
    {
        var grant = await agent.SignInAsync(Card);
        var heard = agent.Statement(grant.Session);
        await agent.StateAsync(heard);
        await host.Services.GetRequiredService<ISharedState>().RemoveAsync(SessionGate.Key(grant.Session.ToString()), null, TestContext.Current.CancellationToken);
        Replayed(await agent.StateAsync(heard));
        Assert.Null(await CopyAsync(grant));
        Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
        Assert.NotNull(await CopyAsync(grant));
    }

    [Fact]
    public async Task Only_the_agent_that_opened_speaks_of_the_card()
    {
        var grant = await agent.SignInAsync(Card);
        var other = new TestAgent(host);
        foreach (var kind in AgentStatements.All)
            Assert.Equal((403, "agent-signature-wrong"), Of(await other.StateAsync(grant.Session, kind)));
        var statement = agent.Statement(grant.Session);
        foreach (var changed in new[]
        {
            statement with { Kind = AgentStatements.Withdrawn }, statement with { Sequence = statement.Sequence + 1 }, statement with { Insertion = 2 }, statement with { Signature = "" },
            statement with { Signature = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64)) }, agent.Statement(grant.Session, origin: "https://cdr.elsewhere"),
        })
            Assert.Equal((403, "agent-signature-wrong"), Of(await agent.StateAsync(changed)));
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task An_opening_that_no_agent_key_signed_opens_nothing()
    {
        var thief = new TestAgent(host) { Key = TestAgent.NewKey() };
        Assert.Equal((403, "agent-signature-wrong"), Of(await thief.OpenAsync(Card)));
        using var card = host.Cards.Authentication(Card);
        var answer = await agent.AnswerAsync(card);
        Assert.Equal((400, "presence-missing"), Of(await agent.PostAsync<Opening>("/api/sessions/openings", answer with { Presence = null })));
        Assert.Equal((400, "presence-missing"), Of(await agent.PostAsync<Opening>("/api/sessions/openings", answer with { Presence = agent.Statement(Guid.Empty) })));
        Assert.Equal(200, (await agent.PostAsync<Opening>("/api/sessions/openings", answer)).Status);
    }

    [Fact]
    public async Task An_agent_key_is_on_p256()
    {
        using var rsa = RSA.Create(2048);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var key in new[] { rsa.ExportSubjectPublicKeyInfo(), other.ExportSubjectPublicKeyInfo() })
            Assert.Equal((400, "agent-key-invalid"), Of(await agent.PostAsync<Challenge>("/api/sessions/challenges", new ChallengeRequest(Base64Url.EncodeToString(key), "one", "sign-in"))));
    }

    [Fact]
    public async Task Before_redemption_the_agent_waits_and_a_withdrawal_leaves_no_ticket()
    {
        var opening = (await agent.OpenAsync(Card)).Value;
        Assert.Equal(25, opening.Heartbeat);
        Assert.Equal(new PresenceAnswer("waiting", null), (await agent.StateAsync(opening.Session)).Value);
        Assert.Equal("ended", (await agent.StateAsync(opening.Session, AgentStatements.Withdrawn)).Value.State);
        Assert.Equal("ticket-used", (await agent.RedeemAsync(opening.Ticket)).Code);
        Assert.Equal("ended", (await agent.StateAsync(opening.Session)).Value.State);
    }

    [Fact]
    public async Task The_session_has_the_id_that_the_opening_told()
    {
        var opening = (await agent.OpenAsync(Card)).Value;
        Assert.Equal(opening.Session, (await agent.RedeemAsync(opening.Ticket)).Value.Session);
    }

    [Fact]
    public async Task A_session_that_is_not_known_is_over() =>
        Assert.Equal(new PresenceAnswer("ended", SessionEnds.Unknown), (await agent.StateAsync(Guid.Empty)).Value);

    [Fact]
    public async Task The_drawers_cards_stay_inserted_until_sign_out_over_a_restart_too()
    {
        var folder = Path.Combine(host.Folder, "drawer-of-a-test");
        SessionGrant grant;
        using (var drawer = new Drawer.SoftwareAgent(folder, host.Clock))
        {
            using var card = host.Cards.Authentication(Card);
            var opening = await drawer.SignInAsync(host.Api, card, TestContext.Current.CancellationToken);
            grant = (await agent.RedeemAsync(opening.Ticket)).Value;
            await LaterAsync(50);
            await drawer.BeatAsync(host.Api, TestContext.Current.CancellationToken);
        }

        await LaterAsync(50);
        using var again = new Drawer.SoftwareAgent(folder, host.Clock);
        await again.BeatAsync(host.Api, TestContext.Current.CancellationToken);
        await LaterAsync(50);
        var renewed = (await agent.RenewAsync(grant)).Value;
        Assert.Equal(1, again.Cards);
        await host.Api.EndAsync(grant.Session, "Bearer " + renewed.Value, TestContext.Current.CancellationToken);
        await again.BeatAsync(host.Api, TestContext.Current.CancellationToken);
        Assert.Equal(0, again.Cards);
    }

    public void Dispose() => host.Dispose();

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private static void Replayed(Answer<PresenceAnswer> answer) => Assert.Equal((409, "statement-replayed"), Of(answer));

    /// <summary>The clock goes on, and Sessions listens all the while.</summary>
    private async Task LaterAsync(int seconds)
    {
        var watch = host.Services.GetRequiredService<PresenceWatch>();
        await watch.RoundAsync(TestContext.Current.CancellationToken);
        for (var left = seconds; left > 0; left -= 5)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(Math.Min(5, left)));
            await watch.RoundAsync(TestContext.Current.CancellationToken);
        }
    }

    private Task<byte[]?> CopyAsync(SessionGrant grant) =>
        host.Services.GetRequiredService<ISharedState>().GetAsync(SessionGate.Key(grant.Session.ToString()), TestContext.Current.CancellationToken);

    private Task<SessionState> StateOfAsync(SessionGrant grant) => host.Services.GetRequiredService<SessionGate>().CheckAsync(grant.Session.ToString(), TestContext.Current.CancellationToken);

    private Task<string?> WhyAsync(SessionGrant grant) => host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.EndedBecause).SingleAsync());
}
