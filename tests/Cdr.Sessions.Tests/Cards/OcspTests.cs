using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Cards;

/// <summary>The responder asked at an opening, where the installation wants it: it refuses more than the lists, never less.</summary>
public sealed class OcspTests : IDisposable
{
    private const string Card = "cpe-urgences-rhone";
    private const string Address = "http://ocsp.test/";
    private readonly PrintedCards cards;
    private readonly SessionsHost host;
    private readonly DemoAuthority authority;
    private readonly TestResponder responder;
    private readonly X509Certificate2 card;

    public OcspTests(PrintedCards cards)
    {
        this.cards = cards;
        authority = null!;
        responder = null!;
        host = new SessionsHost(cards, Settings("true"), services => services.AddHttpClient(Responders.Client).ConfigurePrimaryHttpMessageHandler(() => responder!));
        authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        responder = new TestResponder(authority.Issuer);
        card = Issue(SubjectName.Of(Deck.Find(Card)!), null);
    }

    public static TheoryData<string> Lies => ["no-nonce", "other-nonce", "other-serial", "other-issuer", "stranger", "stranger-unshown", "not-for-it", "old", "future", "sha-1", "try-later", "cut", "nothing", "error", "redirect", "unknown"];

    private string Serial => Convert.ToHexString(card.SerialNumberBytes.Span);

    [Fact]
    public async Task A_card_that_only_the_responder_knows_to_be_opposed_opens_nothing()
    {
        Assert.Equal(200, (await OpenAsync(host)).Status);
        responder.Revoked.Add(Serial);
        Assert.Equal((403, "certificate-revoked"), Of(await OpenAsync(host)));
        Assert.Equal(2, responder.Asked);
    }

    [Fact]
    public async Task By_default_nobody_is_asked()
    {
        responder.Revoked.Add(Serial);
        using var silent = new SessionsHost(cards, Settings("false"), services => services.AddHttpClient(Responders.Client).ConfigurePrimaryHttpMessageHandler(() => responder));
        Assert.Equal(200, (await OpenAsync(silent)).Status);
        Assert.Equal(0, responder.Asked);
    }

    [Fact]
    public async Task A_responder_that_nobody_named_is_not_asked()
    {
        using var elsewhere = new SessionsHost(cards, [new("Sessions:Trust:Ocsp", "true")], services => services.AddHttpClient(Responders.Client).ConfigurePrimaryHttpMessageHandler(() => responder));
        Assert.Equal(200, (await OpenAsync(elsewhere)).Status);
        Assert.Equal(0, responder.Asked);
    }

    [Fact]
    public async Task Whom_the_issuer_certified_for_it_may_answer()
    {
        using var delegated = Issue(new X500DistinguishedName("CN=Repondeur"), "1.3.6.1.5.5.7.3.9");
        responder.Signer = delegated;
        responder.Revoked.Add(Serial);
        Assert.Equal((403, "certificate-revoked"), Of(await OpenAsync(host)));
    }

    [Fact]
    public async Task A_delegate_that_the_issuer_revoked_is_not_believed()
    {
        using var delegated = Issue(new X500DistinguishedName("CN=Repondeur"), "1.3.6.1.5.5.7.3.9");
        var now = host.Clock.GetUtcNow();
        await File.WriteAllBytesAsync(
            Path.Combine(host.Folder, "trust", "lists", "demo-persons.crl"), authority.Lists([Convert.ToHexString(delegated.SerialNumberBytes.Span)], now.AddMinutes(1)).Persons, TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<TrustStore>().Refresh();
        responder.Signer = delegated;
        responder.Revoked.Add(Serial);
        Assert.Equal(200, (await OpenAsync(host)).Status);
    }

    /// <summary>« Revoked » by a lie is not believed either: the lists decide, and the responder is left alone for half a minute.</summary>
    [Theory]
    [MemberData(nameof(Lies))]
    public async Task What_is_not_the_responders_answer_to_this_question_is_silence(string lie)
    {
        using var stranger = DemoAuthority.Make(host.Clock.GetUtcNow());
        using var other = Issue(new X500DistinguishedName("CN=Autre"), "1.3.6.1.5.5.7.3.2");
        responder.Revoked.Add(Serial);
        responder.Revoked.Add("01");
        Tell(lie, stranger, other);
        Assert.Equal(200, (await OpenAsync(host)).Status);
        Assert.Equal(1, responder.Asked);
        var again = await OpenAsync(host);
        Assert.Equal(200, again.Status);
        Assert.Equal(lie == "unknown" ? 2 : 1, responder.Asked);
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(200, (await OpenAsync(host)).Status);
        Assert.Equal(lie == "unknown" ? 3 : 2, responder.Asked);
    }

    [Fact]
    public async Task A_responder_that_hangs_costs_its_timeout_once_and_never_stands_for_a_list_that_ended()
    {
        responder.Instead = async cancel =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), cancel);
            throw new InvalidOperationException("Not cancelled.");
        };
        var watch = Stopwatch.StartNew();
        Assert.Equal(200, (await OpenAsync(host)).Status);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(190), TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await OpenAsync(host)).Status);
        Assert.Equal(1, responder.Asked);
        responder.Instead = null;
        host.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(7));
        Assert.Equal((503, "revocation-unknown"), Of(await OpenAsync(host)));
    }

    /// <summary>Another program's reading of the same RFC.</summary>
    [Theory]
    [InlineData("V", "Good")]
    [InlineData("R", "Revoked")]
    public async Task Openssls_responder_understands_the_question_and_is_understood(string state, string expected)
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "openssl")).FullName;
        string In(string name) => Path.Combine(folder, name);
        var question = new OcspQuestion(card, authority.Issuer);
        await File.WriteAllBytesAsync(In("question.der"), question.Encode(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(In("issuer.pem"), authority.Issuer.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using (var key = authority.Issuer.GetRSAPrivateKey()!)
            await File.WriteAllTextAsync(In("key.pem"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var end = card.NotAfter.ToUniversalTime().ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + "Z";
        await File.WriteAllTextAsync(In("index.txt"), $"{state}\t{end}\t{(state == "R" ? "260101000000Z" : "")}\t{Serial}\tunknown\t/CN=card\n", TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("openssl") { RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in (string[])["ocsp", "-index", "index.txt", "-CA", "issuer.pem", "-rsigner", "issuer.pem", "-rkey", "key.pem", "-reqin", "question.der", "-respout", "answer.der", "-ndays", "1"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, error);
        var answer = question.Read(await File.ReadAllBytesAsync(In("answer.der"), TestContext.Current.CancellationToken))!;
        Assert.Equal(expected, answer.Status.ToString());
        Assert.True(answer.IsSignedBy(authority.Issuer));
        Assert.NotNull(answer.NextUpdate);
        Assert.Null(new OcspQuestion(card, authority.Issuer).Read(await File.ReadAllBytesAsync(In("answer.der"), TestContext.Current.CancellationToken)));
    }

    public void Dispose()
    {
        card.Dispose();
        host.Dispose();
        authority.Dispose();
        responder.Dispose();
    }

    private static (int Status, string? Code) Of(Answer<Opening> answer) => (answer.Status, answer.Code);

    private static KeyValuePair<string, string>[] Settings(string on) =>
        [new("Sessions:Trust:Ocsp", on), new("Sessions:Trust:OcspTimeout", "00:00:00.200"), new("Sessions:Trust:Hosts:0", "ocsp.test")];

    private Task<Answer<Opening>> OpenAsync(SessionsHost one) => new TestAgent(one).OpenAsync(card);

    private void Tell(string lie, DemoAuthority stranger, X509Certificate2 other)
    {
        switch (lie)
        {
            case "no-nonce": responder.RepeatsNonce = false; break;
            case "other-nonce": responder.OtherNonce = true; break;
            case "other-serial": responder.OtherSerial = true; break;
            case "other-issuer": responder.OtherIssuer = true; break;
            case "stranger": responder.Signer = stranger.Issuer; break;
            case "stranger-unshown": (responder.Signer, responder.ShowsSigner) = (stranger.Issuer, false); break;
            case "not-for-it": responder.Signer = other; break;
            case "old": (responder.Age, responder.Life) = (TimeSpan.FromHours(3), TimeSpan.FromHours(2)); break;
            case "future": responder.Age = TimeSpan.FromHours(-1); break;
            case "sha-1": responder.Hash = HashAlgorithmName.SHA1; break;
            case "try-later": responder.Status = 3; break;
            case "unknown": responder.KnowsNobody = true; break;
            default:
                responder.Instead = _ => Task.FromResult(lie switch
                {
                    "cut" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([0x30, 3, 0x0A, 1]) },
                    "nothing" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) },
                    "error" => new HttpResponseMessage(HttpStatusCode.InternalServerError),
                    _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://127.0.0.1/") } },
                });
                break;
        }
    }

    private X509Certificate2 Issue(X500DistinguishedName subject, string? use)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (use is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([Address], []));
        request.CertificateExtensions.Add(new X509Extension(DrawerOptions.KindExtension, [0x0C, 14, .. "cpe-nominative"u8], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority.Issuer, now.AddDays(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(16).Positive());
        return certificate.CopyWithPrivateKey(key);
    }
}
