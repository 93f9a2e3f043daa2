using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Software;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Sessions.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Sessions.Tests.Software;

/// <summary>What closes a client, and how fast: no token after it, and the sessions it had are over at once.</summary>
public sealed class SoftwareWithdrawalTests : IDisposable
{
    private readonly SessionsHost host;
    private readonly HospitalSoftware software;
    private readonly Organisations organisations = new();
    private readonly RSA key = RSA.Create(2048);

    public SoftwareWithdrawalTests(PrintedCards cards)
    {
        host = new SessionsHost(cards, [.. Organisations.Settings, new("Sessions:Software:Grades:0:Until", TimeProvider.System.GetUtcNow().AddDays(3).ToString("O"))]);
        software = new HospitalSoftware(host);
        organisations.Trust(host);
    }

    [Fact]
    public async Task A_withdrawn_client_obtains_nothing_and_its_sessions_are_over_everywhere_at_once()
    {
        await software.RegisterAsync(key);
        var (first, second) = (await SessionAsync(HospitalSoftware.North), await SessionAsync(HospitalSoftware.South));
        Assert.True((await LivenessAsync(first)).Alive);
        Assert.Equal(SessionGate.Alive, await CopyAsync(first));

        Assert.Equal(204, (await AdministerAsync(HttpMethod.Delete, "", "cpa-administrateur")).Status);

        foreach (var session in (Guid[])[first, second])
        {
            Assert.Equal(SessionGate.Ended, await CopyAsync(session));
            Assert.Equal(new SessionLiveness(false, "revoked"), await LivenessAsync(session));
        }

        Refused("software-withdrawn", await software.AskAsync(software.Assertion(key)));
        Assert.Equal(409, (await software.RegisterAsync(key)).Status);
        Assert.Equal(204, (await AdministerAsync(HttpMethod.Delete, "", "cpa-administrateur")).Status);
    }

    [Fact]
    public async Task A_certificate_that_a_new_list_revokes_ends_its_sessions_and_no_other()
    {
        await software.RegisterAsync(key);
        using var lost = organisations.Issue();
        using var next = organisations.Issue();
        var (by, beside) = (await SessionAsync(HospitalSoftware.North, software.Assertion(lost)), await SessionAsync(HospitalSoftware.North, software.Assertion(next)));
        Assert.NotEqual(by, beside);
        organisations.Trust(host, lost);
        Refused("software-certificate-revoked", await software.AskAsync(software.Assertion(lost)));

        await host.Services.GetRequiredService<SoftwareRevocation>().RoundAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new SessionLiveness(false, "revoked"), await LivenessAsync(by));
        Assert.True((await LivenessAsync(beside)).Alive);
    }

    [Fact]
    public async Task A_referent_closes_their_own_establishment_and_knows_of_no_other()
    {
        await software.RegisterAsync(key, [HospitalSoftware.North, HospitalSoftware.South]);
        var elsewhere = new HospitalSoftware(host, "dossier-deux-rives");
        await elsewhere.RegisterAsync(key, [HospitalSoftware.Elsewhere]);
        var (north, south) = (await SessionAsync(HospitalSoftware.North), await SessionAsync(HospitalSoftware.South));

        var seen = (await software.SendAsync<SoftwareView[]>(HttpMethod.Get, "/api/sessions/software-clients", await software.TokenOfAsync("cpe-referent"))).Value;
        Assert.Equal([HospitalSoftware.North], Assert.Single(seen).Establishments);
        Assert.Equal(403, (await AdministerAsync(HttpMethod.Delete, "", "cpe-referent")).Status);
        Assert.Equal(403, (await AdministerAsync(HttpMethod.Delete, "/establishments/" + HospitalSoftware.South, "cpe-referent")).Status);
        Assert.Equal(404, (await software.SendAsync<object>(HttpMethod.Delete, $"/api/sessions/software-clients/{elsewhere.Id}/establishments/{HospitalSoftware.North}", await software.TokenOfAsync("cpe-referent"))).Status);
        Assert.True((await LivenessAsync(north)).Alive);
        for (var twice = 0; twice < 2; twice++)
            Assert.Equal(204, (await AdministerAsync(HttpMethod.Delete, "/establishments/" + HospitalSoftware.North, "cpe-referent")).Status);

        Assert.False((await LivenessAsync(north)).Alive);
        Assert.True((await LivenessAsync(south)).Alive);
        Assert.Equal((403, "software-other-establishment"), Of(await software.AskAsync(software.Assertion(key))));
        Assert.Equal(200, (await software.AskAsync(software.Assertion(key), HospitalSoftware.South)).Status);
    }

    [Fact]
    public async Task Another_key_ends_what_the_one_before_opened()
    {
        await software.RegisterAsync(key);
        var session = await SessionAsync(HospitalSoftware.North);
        await software.RegisterAsync(key);
        Assert.True((await LivenessAsync(session)).Alive);
        using var next = RSA.Create(2048);
        await software.RegisterAsync(next);
        Assert.False((await LivenessAsync(session)).Alive);
        Refused("software-not-proven", await software.AskAsync(software.Assertion(key)));
        Assert.Equal(200, (await software.AskAsync(software.Assertion(next))).Status);
    }

    [Fact]
    public async Task When_its_issuers_list_ends_a_certificate_gets_no_token_and_its_sessions_do_not_end()
    {
        await software.RegisterAsync(key);
        using var certificate = organisations.Issue();
        organisations.ListLife = TimeSpan.FromHours(1);
        organisations.Trust(host);
        host.Clock.Advance(TimeSpan.FromHours(1));
        var (session, ofKey) = (await SessionAsync(HospitalSoftware.North, software.Assertion(certificate)), await SessionAsync(HospitalSoftware.North));
        host.Clock.Advance(TimeSpan.FromHours(6) + TimeSpan.FromMinutes(1));
        await host.Services.GetRequiredService<SoftwareRevocation>().RoundAsync(TestContext.Current.CancellationToken);
        Assert.True((await LivenessAsync(session)).Alive);
        Assert.Equal((503, "revocation-unknown"), Of(await software.AskAsync(software.Assertion(certificate))));
        Assert.True((await LivenessAsync(ofKey)).Alive);
    }

    [Fact]
    public async Task A_family_of_software_ends_on_its_day_and_its_sessions_with_it()
    {
        var paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), paris).DateTime);
        await software.RegisterAsync(key);
        using var certificate = organisations.Issue();
        organisations.Until = today;
        organisations.Trust(host);
        var midnight = new DateTimeOffset(today.AddDays(1).ToDateTime(default), paris.GetUtcOffset(today.AddDays(1).ToDateTime(default)));
        host.Clock.Advance(midnight - host.Clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        var session = await SessionAsync(HospitalSoftware.North, software.Assertion(certificate));
        host.Clock.Advance(TimeSpan.FromMinutes(3));
        Refused("software-certificate-refused", await software.AskAsync(software.Assertion(certificate)));
        await host.Services.GetRequiredService<SoftwareRevocation>().RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new SessionLiveness(false, "untrusted"), await LivenessAsync(session));
    }

    [Fact]
    public async Task Days_hours_and_grades_end()
    {
        var today = DateOnly.FromDateTime(host.Clock.GetUtcNow().UtcDateTime);
        await software.RegisterAsync(key, until: today.AddDays(1));
        using var certificate = organisations.Issue(until: host.Clock.GetUtcNow().AddHours(5));
        var session = await SessionAsync(HospitalSoftware.North, software.Assertion(certificate));
        host.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(new SessionLiveness(false, "expired"), await LivenessAsync(session));
        host.Clock.Advance(TimeSpan.FromDays(2));
        Refused("software-withdrawn", await software.AskAsync(software.Assertion(key)));
        host.Clock.Advance(TimeSpan.FromDays(1));
        using var fresh = organisations.Issue();
        Refused("software-certificate-refused", await software.AskAsync(software.Assertion(fresh)));
    }

    [Fact]
    public async Task With_no_list_to_vouch_for_it_a_certificate_is_neither_good_nor_bad()
    {
        await software.RegisterAsync(key);
        using var certificate = organisations.Issue();
        host.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(7));
        Assert.Equal((503, "revocation-unknown"), Of(await software.AskAsync(software.Assertion(certificate))));
    }

    [Fact]
    public async Task Who_opened_and_closed_what_is_kept()
    {
        await software.RegisterAsync(key);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await AdministerAsync(HttpMethod.Delete, "/establishments/" + HospitalSoftware.North, "cpe-referent");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await AdministerAsync(HttpMethod.Delete, "", "cpa-administrateur");
        var records = await host.InStoreAsync(db => db.AdministrationRecords.Where(record => record.Act != "directory-imported").OrderBy(record => record.At).ToListAsync());
        Assert.Equal(
            [(AdministrationActs.SoftwareRegistered, CdrRoles.Administrator, null), (AdministrationActs.SoftwareScopeWithdrawn, CdrRoles.Referent, HospitalSoftware.North), (AdministrationActs.SoftwareWithdrawn, CdrRoles.Administrator, null)],
            records.Select(record => (record.Act, record.Role, record.EstablishmentFiness)));
        Assert.Equal(records[0].By, records[2].By);
        Assert.NotEqual(records[0].By, records[1].By);
    }

    [Theory]
    [InlineData("id", "Dossier")]
    [InlineData("name", "")]
    [InlineData("establishments", "690991021")]
    [InlineData("establishments", "750712184")]
    [InlineData("establishments[0]", "123")]
    [InlineData("structure", null)]
    [InlineData("publicKey", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("publicKey", null)]
    [InlineData("until", "2025-01-01")]
    public async Task A_registration_that_contradicts_itself_is_refused_by_its_field(string field, string? value)
    {
        var registration = new SoftwareRegistration(
            field == "name" ? value! : "Dossier",
            [field.StartsWith("establishments", StringComparison.Ordinal) ? value! : HospitalSoftware.North],
            field == "publicKey" && value is null ? null : Organisations.Structure,
            field == "structure" || field == "publicKey" && value is null ? null : Organisations.CommonName,
            field == "publicKey" ? value : null,
            new DateOnly(2026, 1, 1),
            field == "until" ? DateOnly.Parse(value!, null) : null);
        var answer = await software.SendAsync<SoftwareView>(HttpMethod.Put, $"/api/sessions/software-clients/{(field == "id" ? value : "dossier")}", await software.TokenOfAsync("cpa-administrateur"), registration);
        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        host.Dispose();
        organisations.Dispose();
        key.Dispose();
    }

    private static void Refused(string code, Answer<AccessToken> answer) => Assert.Equal((401, code), Of(answer));

    private static (int Status, string? Code) Of(Answer<AccessToken> answer) => (answer.Status, answer.Code);

    private async Task<Guid> SessionAsync(string finess, string? assertion = null)
    {
        var answer = await software.AskAsync(assertion ?? software.Assertion(key), finess);
        return Guid.Parse(new JsonWebToken(answer.Value.Value).GetClaim("sid").Value);
    }

    private async Task<Answer<object>> AdministerAsync(HttpMethod method, string path, string card) =>
        await software.SendAsync<object>(method, $"/api/sessions/software-clients/{software.Id}{path}", await software.TokenOfAsync(card));

    private async Task<SessionLiveness> LivenessAsync(Guid session)
    {
        var token = await host.Services.GetRequiredService<TokenMaker>().ForServiceAsync("rights", TestContext.Current.CancellationToken);
        return (await software.SendAsync<SessionLiveness>(HttpMethod.Get, $"/internal/sessions/{session}", token.Value)).Value;
    }

    private Task<byte[]?> CopyAsync(Guid session) =>
        host.Services.GetRequiredService<ISharedState>().GetAsync(SessionGate.Key(session.ToString()), TestContext.Current.CancellationToken);
}
