using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cdr.Sessions.Tests.Cards;

/// <summary>A card that proved itself is asked about again at redemption, at each new token, and by the follower of live sessions and waiting tickets.</summary>
public sealed class StillTrustedTests : IDisposable
{
    private const string Card = "cpe-urgences-rhone";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(3);
    private readonly PrintedCards cards;
    private readonly SessionsHost host;
    private readonly DemoAuthority authority;
    private readonly TestAgent agent;

    public StillTrustedTests(PrintedCards cards)
    {
        this.cards = cards;
        host = new SessionsHost(cards, [new("Sessions:Trust:ListGrace", "00:01:00"), new("Sessions:Presence:Lost", "00:10:00"), new("Sessions:Presence:Heartbeat", "00:01:00")]);
        authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        agent = new TestAgent(host);
    }

    public static TheoryData<string> Whose => ["persons", "root"];

    [Fact]
    public async Task A_card_revoked_since_its_opening_is_not_redeemed()
    {
        var opening = (await agent.OpenAsync(Card)).Value;
        host.Cards.Renew(Deck.Find(Card)!);
        Refresh();
        Assert.Equal((403, "certificate-revoked"), Of(await agent.RedeemAsync(opening.Ticket)));
    }

    [Theory]
    [MemberData(nameof(Whose))]
    public async Task When_a_list_ends_nothing_is_redeemed_nor_renewed(string whose)
    {
        Write(whose);
        var (grant, other) = (await agent.SignInAsync(Card), await new TestAgent(host) { OsSession = "os-2" }.OpenAsync("cps-infirmier"));
        // Past its end and inside the grace it is believed still.
        host.Clock.Advance(Life + TimeSpan.FromSeconds(1));
        await host.InStoreAsync(db => db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, host.Clock.GetUtcNow().AddMinutes(30))));
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((503, "revocation-unknown"), Of(await agent.RedeemAsync(other.Value.Ticket)));
        Assert.Equal((503, "revocation-unknown"), Of(await agent.RenewAsync(grant)));
        Assert.Null(await WhyAsync(grant));
    }

    [Theory]
    [MemberData(nameof(Whose))]
    public async Task When_a_list_ends_its_live_sessions_get_no_token_until_the_next_one_comes_and_do_not_end(string whose)
    {
        Write(whose);
        var grant = await agent.SignInAsync(Card);
        await FollowAsync();
        host.Clock.Advance(Life + TimeSpan.FromSeconds(1));
        await FollowAsync();
        Assert.Null(await WhyAsync(grant));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await FollowAsync();
        Assert.Null(await WhyAsync(grant));
        Assert.Equal((503, "revocation-unknown"), Of(await agent.RenewAsync(grant)));
        Write(whose);
        await FollowAsync();
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task Operations_are_warned_between_a_lists_own_end_and_its_grace()
    {
        Write("persons");
        await FollowAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);
        host.Clock.Advance(Life + TimeSpan.FromSeconds(1));
        var late = await HealthAsync();
        Assert.Equal(HealthStatus.Degraded, late.Status);
        Assert.Contains("AC DEMONSTRATION CDR PERSONNES", late.Description, StringComparison.Ordinal);
        Assert.Contains("late", late.Description, StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("no card", (await HealthAsync()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_long_a_list_is_good_for_is_measured()
    {
        Write("persons");
        var left = Measured("cdr.sessions.revocation_list.left");
        Assert.Equal((Life + TimeSpan.FromMinutes(1)).TotalSeconds, left["AC DEMONSTRATION CDR PERSONNES"], 3.0);
        Assert.InRange(left["AC RACINE DEMONSTRATION CDR"], 6 * 86_400, 8 * 86_400);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, Measured("cdr.sessions.revocation_list.left")["AC DEMONSTRATION CDR PERSONNES"]);
        Assert.Equal(600, Measured("cdr.sessions.revocation_list.age")["AC DEMONSTRATION CDR PERSONNES"], 3.0);
        await FollowAsync();
    }

    [Fact]
    public async Task A_list_that_comes_while_a_ticket_is_redeemed_is_held_against_the_session_too()
    {
        var during = new AtCommit();
        using var own = new SessionsHost(cards, services: services => services.ConfigureDbContext<SessionsDb>(options => options.AddInterceptors(during)));
        var theirs = new TestAgent(own);
        var opening = (await theirs.OpenAsync(Card)).Value;
        during.Act = () =>
        {
            // In force, and held against the sessions that are there: this one is not yet.
            own.Cards.Renew(Deck.Find(Card)!);
            own.Services.GetRequiredService<TrustStore>().Refresh();
        };
        Assert.Equal((403, "certificate-revoked"), Of(await theirs.RedeemAsync(opening.Ticket)));
        Assert.Equal(SessionEnds.CardOpposed, await own.InStoreAsync(db => db.Sessions.Where(one => one.Id == opening.Session).Select(one => one.EndedBecause).SingleAsync()));
    }

    [Fact]
    public async Task A_new_list_spends_the_tickets_that_wait()
    {
        var opening = (await agent.OpenAsync(Card)).Value;
        var other = (await new TestAgent(host) { OsSession = "os-2" }.OpenAsync("cps-infirmier")).Value;
        host.Cards.Renew(Deck.Find(Card)!);
        await FollowAsync();
        var spent = await host.InStoreAsync(db => db.Tickets.ToDictionaryAsync(ticket => ticket.SessionId, ticket => ticket.UsedAt is not null));
        Assert.True(spent[opening.Session]);
        Assert.False(spent[other.Session]);
        Assert.Equal("ended", (await agent.StateAsync(opening.Session)).Value.State);
        // The clerk is told why.
        Assert.Equal((403, "certificate-revoked"), Of(await agent.RedeemAsync(opening.Ticket)));
    }

    [Fact]
    public async Task An_issuer_that_its_root_revokes_takes_its_live_sessions_along()
    {
        var grant = await agent.SignInAsync(Card);
        var opening = (await new TestAgent(host) { OsSession = "os-2" }.OpenAsync("cps-infirmier")).Value;
        var now = host.Clock.GetUtcNow();
        File.WriteAllBytes(ListOf("root"), new WrittenList(now, now.AddDays(1)) { Number = now.ToUnixTimeSeconds() + 1, Revoked = [Convert.ToHexString(authority.Issuer.SerialNumberBytes.Span)] }.SignedBy(authority.Root));
        await FollowAsync();
        Assert.Equal("untrusted", await WhyAsync(grant));
        Assert.Equal((403, "certificate-untrusted"), Of(await agent.RedeemAsync(opening.Ticket)));
    }

    [Fact]
    public async Task An_issuer_that_is_taken_out_of_the_folder_takes_its_live_sessions_along()
    {
        var grant = await agent.SignInAsync(Card);
        File.Delete(Path.Combine(host.Folder, "trust", "issuers", "demo-persons.pem"));
        await FollowAsync();
        Assert.Equal("untrusted", await WhyAsync(grant));
    }

    [Fact]
    public async Task On_the_night_its_family_ends_a_session_ends()
    {
        var paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), paris).DateTime);
        await File.WriteAllBytesAsync(Path.Combine(host.Folder, "trust", Pki.File), JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { id = "igc-cps2ter", issuers = new[] { Trust.IdOf(authority.Issuer) }, roots = new[] { Trust.IdOf(authority.Root) }, until = today },
        }), TestContext.Current.CancellationToken);
        var midnight = new DateTimeOffset(today.AddDays(1).ToDateTime(default), paris.GetUtcOffset(today.AddDays(1).ToDateTime(default)));
        host.Clock.Advance(midnight - host.Clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        var grant = await agent.SignInAsync(Card);
        await FollowAsync();
        Assert.Null(await WhyAsync(grant));
        host.Clock.Advance(TimeSpan.FromMinutes(3));
        await FollowAsync();
        Assert.Equal("untrusted", await WhyAsync(grant));
        Assert.Equal((403, "certificate-pki-ended"), Of(await agent.OpenAsync(Card)));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_gives_no_token_and_ends_nothing()
    {
        var grant = await agent.SignInAsync(Card);
        var opening = (await new TestAgent(host) { OsSession = "os-2" }.OpenAsync("cps-infirmier")).Value;
        var families = Path.Combine(host.Folder, "trust", Pki.File);
        await File.WriteAllTextAsync(families, "[", TestContext.Current.CancellationToken);
        await FollowAsync();
        Assert.Equal((503, "trust-unavailable"), Of(await agent.RenewAsync(grant)));
        Assert.Equal((503, "trust-unavailable"), Of(await agent.RedeemAsync(opening.Ticket)));
        File.Delete(families);
        await FollowAsync();
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(200, (await agent.RedeemAsync(opening.Ticket)).Status);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("cut")]
    [InlineData("older")]
    public async Task A_list_in_hand_holds_until_it_ends_whatever_becomes_of_its_file(string what)
    {
        using var revoked = host.Cards.Authentication(Card);
        var now = host.Clock.GetUtcNow();
        var list = new WrittenList(now, now + Life) { Number = now.ToUnixTimeSeconds() + 1, Revoked = [Convert.ToHexString(revoked.SerialNumberBytes.Span)] }.SignedBy(authority.Issuer);
        await File.WriteAllBytesAsync(ListOf("persons"), list, TestContext.Current.CancellationToken);
        var grant = await agent.SignInAsync("cps-infirmier");
        await FollowAsync();
        if (what == "gone")
            File.Delete(ListOf("persons"));
        else if (what == "cut")
            await File.WriteAllBytesAsync(ListOf("persons"), list[..^9], TestContext.Current.CancellationToken);
        else
            await File.WriteAllBytesAsync(ListOf("persons"), authority.Lists([], now.AddMinutes(-1)).Persons, TestContext.Current.CancellationToken);
        await FollowAsync();
        Assert.Null(await WhyAsync(grant));
        Assert.Equal((403, "certificate-revoked"), Of(await agent.OpenAsync(Card)));
        host.Clock.Advance(Life + TimeSpan.FromSeconds(61));
        await FollowAsync();
        Assert.Null(await WhyAsync(grant));
        Assert.Equal((503, "revocation-unknown"), Of(await agent.RenewAsync(grant)));
    }

    public void Dispose()
    {
        authority.Dispose();
        host.Dispose();
    }

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private string ListOf(string whose) => Path.Combine(host.Folder, "trust", "lists", $"demo-{whose}.crl");

    /// <summary>A list that ends soon.</summary>
    private void Write(string whose)
    {
        var now = host.Clock.GetUtcNow();
        File.WriteAllBytes(ListOf(whose), new WrittenList(now, now + Life) { Number = now.ToUnixTimeSeconds() + 1 }.SignedBy(whose == "root" ? authority.Root : authority.Issuer));
        Refresh();
    }

    private void Refresh() => host.Services.GetRequiredService<TrustStore>().Refresh();

    private Task FollowAsync() => host.Services.GetRequiredService<TrustFollower>().RoundAsync(TestContext.Current.CancellationToken);

    private async Task<HealthReportEntry> HealthAsync() =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "sessions-trust", TestContext.Current.CancellationToken)).Entries["sessions-trust"];

    private Dictionary<string, double> Measured(string instrument)
    {
        Assert.NotNull(host.Services.GetRequiredService<ListWatch>());
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (one, listening) =>
            {
                if (one.Name == instrument && ReferenceEquals(one.Meter.Scope, meters))
                    listening.EnableMeasurementEvents(one);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => found[tags.ToArray().First(tag => tag.Key == "authority").Value!.ToString()!] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }

    private Task<string?> WhyAsync(SessionGrant grant) => host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.EndedBecause).SingleAsync());

    /// <summary>Something happens between a redemption's look at the lists and its session.</summary>
    private sealed class AtCommit : DbTransactionInterceptor
    {
        public Action? Act { get; set; }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            var act = Act;
            Act = null;
            act?.Invoke();
            return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
        }
    }
}
