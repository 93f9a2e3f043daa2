using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Sessions.Software;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tests.Software;

public sealed class SoftwareTokenTests(SoftwareTokenTests.Registered registered) : IClassFixture<SoftwareTokenTests.Registered>
{
    private readonly SessionsHost host = registered.Host;
    private readonly HospitalSoftware software = registered.Software;

    [Fact]
    public async Task The_token_is_a_clerks_of_one_establishment_and_its_subject_the_human_as_with_their_card()
    {
        var human = Deck.Find("cps-infirmier")!.Number;
        var token = Read(await software.AskAsync(software.Assertion(registered.Key), human: new OnBehalfOf(NationalIdentifier: human), unit: "urgences"));
        var card = new JsonWebToken((await new TestAgent(host).SignInAsync("cps-infirmier")).Token.Value);
        Assert.Equal(card.Subject, token.Subject);
        Assert.Equal(
            new Dictionary<string, string> { ["kind"] = "software", ["role"] = "clerk", ["finess"] = HospitalSoftware.North, ["group"] = "flandre", ["dep"] = "59", ["unit"] = "urgences", ["fn"] = "emergencies" },
            token.Claims.Where(claim => claim.Type is not ("sub" or "sid" or "jti" or "iss" or "aud" or "iat" or "nbf" or "exp")).ToDictionary(claim => claim.Type, claim => claim.Value));
        Assert.True(token.ValidTo - token.ValidFrom <= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task The_certificate_proves_it_and_so_does_its_registered_key_of_either_kind()
    {
        using var certificate = registered.Organisations.Issue();
        Assert.Equal(200, (await software.AskAsync(software.Assertion(certificate))).Status);
        Assert.Equal(200, (await software.AskAsync(software.Assertion(registered.Key, algorithm: SecurityAlgorithms.RsaSsaPssSha256))).Status);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new HospitalSoftware(host, "urgences-mont-vert");
        await other.RegisterAsync(curve);
        Assert.Equal(200, (await other.AskAsync(other.Assertion(curve))).Status);
    }

    [Fact]
    public async Task The_human_is_recorded_and_each_has_a_session_and_a_reference_of_their_own()
    {
        var first = Read(await software.AskAsync(software.Assertion(registered.Key), human: new OnBehalfOf(LocalIdentifier: "account-1")));
        var again = Read(await software.AskAsync(software.Assertion(registered.Key), human: new OnBehalfOf(LocalIdentifier: "account-1")));
        var second = Read(await software.AskAsync(software.Assertion(registered.Key), human: new OnBehalfOf(LocalIdentifier: "account-2")));
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new HospitalSoftware(host, "bloc-mont-vert");
        await other.RegisterAsync(curve);
        var namesake = Read(await other.AskAsync(other.Assertion(curve), human: new OnBehalfOf(LocalIdentifier: "account-1")));

        Assert.Equal((first.Subject, Sid(first)), (again.Subject, Sid(again)));
        Assert.Equal(3, new[] { first.Subject, second.Subject, namesake.Subject }.Distinct().Count());
        Assert.Equal(3, new[] { Sid(first), Sid(second), Sid(namesake) }.Distinct().Count());
        var sessions = host.Services.GetRequiredService<SoftwareSessions>();
        var kept = await host.InStoreAsync(db => db.SoftwareSessions.SingleAsync(one => one.Id == Guid.Parse(Sid(first))));
        Assert.Equal("local:account-1", sessions.HumanOf(kept));
        Assert.DoesNotContain("account-1", Encoding.UTF8.GetString(kept.Human), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another audience")]
    [InlineData("the platform's origin alone")]
    [InlineData("another issuer")]
    [InlineData("another subject")]
    [InlineData("expired")]
    [InlineData("an hour long")]
    [InlineData("not yet good")]
    [InlineData("without an end")]
    [InlineData("without a jti")]
    [InlineData("RS512")]
    [InlineData("a stranger's key")]
    [InlineData("HS256 with the public key")]
    [InlineData("HS256 with the public key's PEM")]
    [InlineData("none")]
    [InlineData("none, with its signature")]
    [InlineData("a changed signature")]
    [InlineData("an unreadable x5c")]
    [InlineData("an empty x5c")]
    [InlineData("a stranger's certificate over the registered key")]
    [InlineData("not a token")]
    public async Task An_assertion_that_does_not_prove_the_client_is_refused(string lie)
    {
        var now = host.Clock.GetUtcNow().UtcDateTime;
        using var stranger = RSA.Create(2048);
        using var theirs = registered.Organisations.Issue();
        var good = software.Assertion(registered.Key);
        var assertion = lie switch
        {
            "another audience" => software.Assertion(registered.Key, one => one.Audience = "cdr-sessions"),
            "the platform's origin alone" => software.Assertion(registered.Key, one => one.Audience = SessionsHost.Origin),
            "another issuer" => software.Assertion(registered.Key, one => one.Issuer = "urgences"),
            "another subject" => software.Assertion(registered.Key, one => one.Claims["sub"] = "urgences"),
            "expired" => software.Assertion(registered.Key, one => one.Expires = now.AddSeconds(-1)),
            "an hour long" => software.Assertion(registered.Key, one => one.Expires = now.AddHours(1)),
            "not yet good" => software.Assertion(registered.Key, one => one.NotBefore = now.AddSeconds(30)),
            "without an end" => software.Assertion(registered.Key, one => one.Expires = null),
            "without a jti" => software.Assertion(registered.Key, one => one.Claims.Remove("jti")),
            "RS512" => software.Assertion(registered.Key, algorithm: SecurityAlgorithms.RsaSha512),
            "a stranger's key" => software.Assertion(stranger),
            "HS256 with the public key" => Symmetric(registered.Key.ExportSubjectPublicKeyInfo()),
            "HS256 with the public key's PEM" => Symmetric(Encoding.ASCII.GetBytes(registered.Key.ExportSubjectPublicKeyInfoPem())),
            "none" => Unsigned(good, ""),
            "none, with its signature" => Unsigned(good, good.Split('.')[2]),
            "a changed signature" => good[..^8] + "AAAAAAAA",
            "an unreadable x5c" => software.Assertion(registered.Key, one => one.AdditionalHeaderClaims = new Dictionary<string, object> { ["x5c"] = new[] { "AAAA" } }),
            "an empty x5c" => software.Assertion(registered.Key, one => one.AdditionalHeaderClaims = new Dictionary<string, object> { ["x5c"] = Array.Empty<string>() }),
            "a stranger's certificate over the registered key" => software.Assertion(registered.Key, one => one.AdditionalHeaderClaims = new Dictionary<string, object> { ["x5c"] = new[] { Convert.ToBase64String(theirs.RawData) } }),
            _ => "not.a.token",
        };
        Refused(401, "software-not-proven", await software.AskAsync(assertion));
    }

    [Fact]
    public async Task An_unknown_client_and_one_that_proves_nothing_are_answered_as_a_wrong_signature_is()
    {
        Refused(401, "software-not-proven", await new HospitalSoftware(host, "nobody").AskAsync(new HospitalSoftware(host, "nobody").Assertion(registered.Key)));
        Refused(401, "software-not-proven", await software.AskAsync(null));
    }

    [Fact]
    public async Task An_assertion_is_good_once_even_sent_many_times_at_once()
    {
        var assertion = software.Assertion(registered.Key);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => software.AskAsync(assertion)));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Refused(401, "software-assertion-used", answer));
    }

    [Fact]
    public async Task A_service_of_the_platform_does_not_spend_a_clients_assertions_nor_stand_for_one()
    {
        var asService = await new TestAgent(host).PostAsync<AccessToken>("/api/sessions/service-tokens", new ServiceTokenRequest(software.Assertion(registered.Key)));
        Refused(401, "assertion-refused", asService);
    }

    [Theory]
    [InlineData("expired", 401, "software-certificate-expired")]
    [InlineData("not yet valid", 401, "software-certificate-expired")]
    [InlineData("revoked", 401, "software-certificate-revoked")]
    [InlineData("of another authority of the same name", 401, "software-certificate-refused")]
    [InlineData("of another grade", 401, "software-certificate-refused")]
    [InlineData("without the grade's policy", 401, "software-certificate-refused")]
    [InlineData("of a server", 401, "software-certificate-refused")]
    [InlineData("of a person's card", 401, "software-certificate-refused")]
    [InlineData("with a short key", 401, "software-not-proven")]
    [InlineData("of another structure", 401, "software-certificate-of-another")]
    [InlineData("of another software", 401, "software-certificate-of-another")]
    public async Task A_certificate_that_is_not_good_here_now_obtains_nothing(string what, int status, string code)
    {
        var now = host.Clock.GetUtcNow();
        var organisations = registered.Organisations;
        using var elsewhere = new Organisations();
        using var certificate = what switch
        {
            "expired" => organisations.Issue(from: now.AddYears(-3), until: now.AddDays(-1)),
            "not yet valid" => organisations.Issue(from: now.AddDays(1)),
            "of another authority of the same name" => elsewhere.Issue(),
            "of another grade" => organisations.Issue(issuer: Organisations.OtherGrade),
            "without the grade's policy" => organisations.Issue(policy: "2.999.250.21"),
            "of a server" => organisations.Issue(use: "1.3.6.1.5.5.7.3.1"),
            "of a person's card" => host.Cards.Authentication("cps-medecin"),
            "with a short key" => organisations.Issue(bits: 1024),
            "of another structure" => organisations.Issue(structure: "3690991013"),
            "of another software" => organisations.Issue(commonName: "urgences.mont-vert.test"),
            _ => organisations.Issue(),
        };
        if (what == "revoked")
            organisations.Trust(host, certificate);
        Refused(status, code, await software.AskAsync(software.Assertion(certificate)));
    }

    [Theory]
    [InlineData(HospitalSoftware.Elsewhere, 403, "software-other-establishment")]
    [InlineData("970491015", 403, "software-other-establishment")]
    [InlineData("750712184", 403, "software-other-establishment")]
    public async Task It_asks_for_its_own_establishments_only(string finess, int status, string code) =>
        Refused(status, code, await software.AskAsync(software.Assertion(registered.Key), finess));

    [Theory]
    [InlineData("finess", "59099101")]
    [InlineData("onBehalfOf", null)]
    [InlineData("onBehalfOf.localIdentifier", "\n")]
    [InlineData("onBehalfOf.nationalIdentifier", "810001234568")]
    [InlineData("onBehalfOf.nationalIdentifier", "mdurand")]
    [InlineData("unit", "bloc")]
    public async Task A_bad_field_is_named_and_its_value_is_not_repeated(string field, string? value)
    {
        var answer = await software.AskAsync(
            software.Assertion(registered.Key),
            field == "finess" ? value! : HospitalSoftware.North,
            field switch { "onBehalfOf" => new OnBehalfOf(), "onBehalfOf.localIdentifier" => new OnBehalfOf(LocalIdentifier: value), "onBehalfOf.nationalIdentifier" => new OnBehalfOf(value), _ => null },
            field == "unit" ? value : null);
        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal);
        if (value is { Length: > 4 })
            Assert.DoesNotContain(value, answer.Body, StringComparison.Ordinal);
    }

    private static void Refused(int status, string code, Answer<AccessToken> answer) => Assert.Equal((status, code), (answer.Status, answer.Code));

    private static JsonWebToken Read(Answer<AccessToken> answer) => new(answer.Value.Value);

    private static string Sid(JsonWebToken token) => token.GetClaim("sid").Value;

    private string Symmetric(byte[] secret) => software.Assertion(registered.Key, one => one.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256));

    private static string Unsigned(string token, string signature)
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        return $"{header}.{token.Split('.')[1]}.{signature}";
    }

    /// <summary>A host that trusts the organisations, and a client registered there by certificate and by key.</summary>
    public sealed class Registered(PrintedCards cards) : IAsyncLifetime
    {
        public SessionsHost Host { get; } = new(cards, Organisations.Settings);

        public Organisations Organisations { get; } = new();

        public RSA Key { get; } = RSA.Create(2048);

        internal HospitalSoftware Software => field ??= new HospitalSoftware(Host);

        public async ValueTask InitializeAsync()
        {
            Organisations.Trust(Host);
            Assert.Equal(200, (await Software.RegisterAsync(Key)).Status);
        }

        public ValueTask DisposeAsync()
        {
            Host.Dispose();
            Organisations.Dispose();
            Key.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
