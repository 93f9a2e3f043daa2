using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

/// <summary>What a request that proves nothing costs: no statement to the database where its proof can be seen without; otherwise a few a minute.</summary>
public sealed class AnonymousDoorTests : IDisposable
{
    private const int Limit = 10;
    private readonly Statements statements = new();
    private readonly SessionsHost host;
    private readonly TestAgent agent;
    private readonly Organisations organisations = new();

    public AnonymousDoorTests(PrintedCards cards)
    {
        host = new SessionsHost(cards, [.. Organisations.Settings, new("Sessions:AnonymousRequestsPerMinute", $"{Limit}")], services => services.ConfigureDbContext<SessionsDb>(options => options.AddInterceptors(statements)));
        organisations.Trust(host);
        agent = new TestAgent(host);
    }

    private static string Guess => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task A_guessed_ticket_or_renewal_secret_asks_nothing_of_the_database()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        statements.Count = 0;
        for (var at = 0; at < 2 * Limit; at++)
        {
            Assert.Equal(204, (await agent.PostAsync<object>("/api/sessions/withdrawals", new WithdrawalRequest(Guess))).Status);
            Assert.Equal((401, "renewal-wrong"), Of(await agent.RenewAsync(grant with { Renewal = Guess })));
            Assert.Equal((401, "renewal-wrong"), Of(await agent.PostAsync<ProviderLogout>($"/api/sessions/{grant.Session}/provider-logout", new RenewalRequest(Guess))));
        }

        Assert.Equal((403, "ticket-unknown"), Of(await agent.RedeemAsync(Guess)));
        Assert.Equal(0, statements.Count);
    }

    [Fact]
    public async Task A_secret_given_for_one_purpose_is_none_for_the_other()
    {
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        var grant = (await agent.RedeemAsync(opening.Ticket)).Value;
        statements.Count = 0;
        Assert.Equal((401, "renewal-wrong"), Of(await agent.RenewAsync(grant with { Renewal = opening.Ticket })));
        Assert.Equal((403, "ticket-unknown"), Of(await agent.RedeemAsync(grant.Renewal)));
        Assert.Equal(0, statements.Count);
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task A_statement_without_a_signature_asks_nothing_of_the_database()
    {
        var session = Guid.CreateVersion7(host.Clock.GetUtcNow());
        statements.Count = 0;
        for (var at = 0; at < 2 * Limit; at++)
            Assert.Equal((403, "agent-signature-wrong"), Of(await agent.StateAsync(agent.Statement(session) with { Signature = "AAAA" })));
        Assert.Equal(0, statements.Count);
    }

    [Fact]
    public async Task Sessions_that_are_made_up_are_asked_of_the_database_a_few_times_a_minute_and_heartbeats_go_on()
    {
        var grant = await agent.SignInAsync("cps-infirmier");
        Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
        // What signing in took of the limit.
        var left = Limit - 3;
        for (var at = 0; at < left; at++)
            Assert.Equal("ended", (await agent.StateAsync(Guid.CreateVersion7(host.Clock.GetUtcNow()))).Value.State);
        statements.Count = 0;
        var answers = new List<int>();
        for (var at = 0; at < 2 * Limit; at++)
            answers.Add((await agent.StateAsync(Guid.CreateVersion7(host.Clock.GetUtcNow()))).Status);
        // One more each six seconds, where this machine is slow.
        Assert.InRange(answers.Count(status => status == 429), Limit, 2 * Limit);
        Assert.InRange(statements.Count, 0, 2 * Limit);
        Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
    }

    [Fact]
    public async Task A_session_that_this_process_has_not_met_is_heard_though_made_up_ones_of_the_same_address_are_refused()
    {
        // Nothing was said of it yet: as after a start, or at another replica.
        var grant = await agent.SignInAsync("cps-infirmier");
        var statuses = new List<int>();
        for (var at = 0; at < 2 * Limit; at++)
            statuses.Add((await agent.StateAsync(Guid.CreateVersion7(host.Clock.GetUtcNow()))).Status);
        Assert.Contains(429, statuses);
        Assert.Equal("alive", (await agent.StateAsync(grant.Session)).Value.State);
    }

    [Fact]
    public async Task A_certificate_that_is_not_accepted_counts_and_whoever_shows_one_that_is_goes_on()
    {
        var software = new HospitalSoftware(host);
        using var own = organisations.Issue();
        Assert.Equal(200, (await software.RegisterAsync()).Status);
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(host.Clock.GetUtcNow().AddDays(-1), host.Clock.GetUtcNow().AddDays(1));
        var answers = new List<(int, string?)>();
        for (var at = 0; at < 2 * Limit; at++)
            answers.Add(Of(await software.AskAsync(software.Assertion(made))));
        Assert.Contains((401, "software-certificate-refused"), answers);
        // Of one name a part of the address's.
        Assert.InRange(answers.Count(one => one == (429, "too-many-requests")), Limit, 2 * Limit - 1);
        Assert.Equal(200, (await software.AskAsync(software.Assertion(own))).Status);
    }

    [Fact]
    public async Task An_assertion_that_claims_nothing_or_a_certificate_that_is_not_accepted_asks_nothing_of_the_database()
    {
        var nobody = new HospitalSoftware(host, "nobody");
        using var elsewhere = new Organisations();
        using var foreign = elsewhere.Issue();
        using var key = RSA.Create(2048);
        statements.Count = 0;
        for (var at = 0; at < 2 * Limit; at++)
        {
            Assert.Equal((401, "software-not-proven"), Of(await nobody.AskAsync("not.a.token")));
            Assert.Equal((401, "software-not-proven"), Of(await nobody.AskAsync(nobody.Assertion(key, one => one.Expires = host.Clock.GetUtcNow().AddHours(1).UtcDateTime))));
            Assert.Equal((401, "software-not-proven"), Of(await nobody.AskAsync(nobody.Assertion(key, one => one.Audience = "another"))));
            Assert.Contains((await nobody.AskAsync(nobody.Assertion(foreign))).Status, new[] { 401, 429 });
            Assert.Equal((401, "software-not-proven"), Of(await nobody.AskAsync(null)));
        }

        Assert.Equal(0, statements.Count);
    }

    [Fact]
    public async Task Names_of_software_that_are_made_up_are_asked_of_the_database_a_few_times_a_minute()
    {
        using var key = RSA.Create(2048);
        for (var at = 0; at < Limit; at++)
        {
            var nobody = new HospitalSoftware(host, $"nobody-{at}");
            Assert.Equal((401, "software-not-proven"), Of(await nobody.AskAsync(nobody.Assertion(key))));
        }

        var refused = new List<(int, string?)>();
        for (var at = 0; at < Limit; at++)
        {
            var next = new HospitalSoftware(host, $"nobody-more-{at}");
            refused.Add(Of(await next.AskAsync(next.Assertion(key))));
        }

        // One more each six seconds, where this machine is slow.
        Assert.InRange(refused.Count(one => one == (429, "too-many-requests")), Limit / 2, Limit);
    }

    [Fact]
    public async Task Whoever_proves_a_key_is_not_limited()
    {
        using var key = RSA.Create(2048);
        var software = new HospitalSoftware(host);
        Assert.Equal(200, (await software.RegisterAsync(key)).Status);
        for (var at = 0; at < 2 * Limit; at++)
            Assert.Equal(200, (await software.AskAsync(software.Assertion(key))).Status);
    }

    [Fact]
    public async Task Software_that_tries_without_end_what_is_refused_keeps_no_other_one_of_its_address_out()
    {
        using var key = RSA.Create(2048);
        using var wrong = RSA.Create(2048);
        using var made = new CertificateRequest("CN=nobody", wrong, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(host.Clock.GetUtcNow().AddDays(-1), host.Clock.GetUtcNow().AddDays(1));
        HospitalSoftware good = new(host), badlySet = new(host, "badly-set"), next = new(host, "next");
        Assert.Equal(200, (await good.RegisterAsync(key)).Status);
        var answers = new List<(int, string?)>();
        for (var at = 0; at < 2 * Limit; at++)
        {
            answers.Add(Of(await badlySet.AskAsync(badlySet.Assertion(made))));
            answers.Add(Of(await badlySet.AskAsync(badlySet.Assertion(wrong))));
        }

        Assert.Contains((429, "too-many-requests"), answers);
        // Its own reason, and not that of its neighbour.
        Assert.Equal((401, "software-certificate-refused"), Of(await next.AskAsync(next.Assertion(made))));
        Assert.Equal((401, "software-not-proven"), Of(await next.AskAsync(next.Assertion(wrong))));
        // Made-up certificates and heartbeats, however many, are no keys.
        for (var at = 0; at < 2 * Limit; at++)
        {
            var nobody = new HospitalSoftware(host, $"nobody-{at}");
            await nobody.AskAsync(nobody.Assertion(made));
            await agent.StateAsync(Guid.CreateVersion7(host.Clock.GetUtcNow()));
        }

        Assert.Equal(200, (await good.AskAsync(good.Assertion(key))).Status);
    }

    /// <summary>Ids of ours are never refused, for heartbeats behind one address must go on: what is over must then cost nothing.</summary>
    [Theory]
    [InlineData("ended", AgentStatements.Present)]
    [InlineData("ended", AgentStatements.Withdrawn)]
    [InlineData("withdrawn", AgentStatements.Present)]
    [InlineData("lapsed", AgentStatements.Present)]
    [InlineData("forgotten", AgentStatements.Present)]
    public async Task A_session_that_is_over_is_asked_of_the_database_once_however_often_its_id_is_said(string how, string kind)
    {
        ArgumentNullException.ThrowIfNull(how);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        if (how == "ended")
        {
            Assert.Equal(200, (await agent.RedeemAsync(opening.Ticket, opening.Activities[0].Id)).Status);
            Assert.Equal("alive", (await agent.StateAsync(opening.Session)).Value.State);
            await host.InStoreAsync(async db =>
            {
                await host.Services.GetRequiredService<SessionCopies>().EndAsync(db, opening.Session, SessionEnds.Expired, TestContext.Current.CancellationToken);
                return 0;
            });
        }
        else if (how == "withdrawn")
        {
            Assert.Equal("ended", (await agent.StateAsync(opening.Session, AgentStatements.Withdrawn)).Value.State);
        }
        else
        {
            host.Clock.Advance(TimeSpan.FromMinutes(20));
            if (how == "forgotten")
                await host.Services.GetRequiredService<Housekeeping>().RoundAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("ended", (await agent.StateAsync(opening.Session, kind)).Value.State);
        statements.Count = 0;
        for (var at = 0; at < 2 * Limit; at++)
            Assert.Equal("ended", (await agent.StateAsync(opening.Session, kind)).Value.State);
        Assert.Equal(0, statements.Count);
    }

    public void Dispose()
    {
        host.Dispose();
        organisations.Dispose();
    }

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);
}
