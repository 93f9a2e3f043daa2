using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Tests.Hosts;

namespace Cdr.Sessions.Tests.Features;

public sealed class OpeningTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Card = "cps-infirmier";
    private const string Path = "/api/sessions/openings";
    private readonly SessionsHost host = shared.Sessions;

    public static TheoryData<string> OtherAlgorithms => ["none", "HS256", "RS512", "RS1", "ES256", "rs256", ""];

    [Fact]
    public async Task A_replayed_answer_opens_nothing()
    {
        var agent = new TestAgent(host);
        using var card = host.Cards.Authentication(Card);
        var answer = await agent.AnswerAsync(card);
        Assert.Equal(200, (await agent.PostAsync<Opening>(Path, answer)).Status);
        Refused("challenge-used", await agent.PostAsync<Opening>(Path, answer));
    }

    [Fact]
    public async Task Of_two_answers_at_once_one_opens()
    {
        var agent = new TestAgent(host);
        using var card = host.Cards.Authentication(Card);
        var answer = await agent.AnswerAsync(card);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.PostAsync<Opening>(Path, answer)));
        Assert.Single(answers, one => one.Status == 200);
    }

    [Fact]
    public async Task A_wrong_answer_spends_the_challenge()
    {
        var agent = new TestAgent(host);
        using var card = host.Cards.Authentication(Card);
        var answer = await agent.AnswerAsync(card);
        Refused("signature-wrong", await agent.PostAsync<Opening>(Path, answer with { Signature = answer.Signature[..^4] + "AAAA" }));
        Refused("challenge-used", await agent.PostAsync<Opening>(Path, answer));
    }

    [Fact]
    public async Task A_challenge_that_was_never_given_opens_nothing()
    {
        var agent = new TestAgent(host);
        using var card = host.Cards.Authentication(Card);
        var (answer, unknown) = (await agent.AnswerAsync(card), Guid.CreateVersion7(host.Clock.GetUtcNow()));
        Refused("challenge-unknown", await agent.PostAsync<Opening>(Path, answer with { Challenge = unknown, Presence = agent.Statement(unknown) }));
    }

    [Fact]
    public async Task A_foreign_origin_in_the_signed_value_opens_nothing() =>
        Refused("signature-wrong", await new TestAgent(host) { SignedOrigin = "https://cdr.elsewhere" }.OpenAsync(Card));

    [Fact]
    public async Task Another_agent_cannot_answer_for_the_one_that_asked()
    {
        var challenge = await new TestAgent(host).ChallengeAsync();
        var other = new TestAgent(host);
        using var card = host.Cards.Authentication(Card);
        Refused("agent-differs", await other.PostAsync<Opening>(Path, await other.AnswerAsync(card, challenge)));
    }

    [Theory]
    [InlineData("os-session-2", "sign-in")]
    [InlineData("os-session-1", "sign-a-document")]
    public async Task Another_os_session_or_purpose_cannot_answer(string osSession, string purpose)
    {
        var agent = new TestAgent(host);
        var other = new TestAgent(host) { Key = agent.Key, OsSession = osSession, Purpose = purpose };
        using var card = host.Cards.Authentication(Card);
        Refused("agent-differs", await other.PostAsync<Opening>(Path, await other.AnswerAsync(card, await agent.ChallengeAsync())));
    }

    [Theory]
    [MemberData(nameof(OtherAlgorithms))]
    public async Task Another_algorithm_is_refused(string algorithm) =>
        Refused("algorithm-refused", await new TestAgent(host) { Algorithm = algorithm }.OpenAsync(Card));

    [Fact]
    public async Task The_algorithm_is_part_of_what_is_signed() =>
        Refused("signature-wrong", await new TestAgent(host) { SignedAlgorithm = "PS256" }.OpenAsync(Card));

    [Fact]
    public async Task A_card_that_signs_ps256_opens_and_an_algorithm_is_what_it_says()
    {
        Func<RSA, byte[], byte[]> pss = (key, value) => key.SignData(value, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        Assert.Equal(["RS256", "PS256"], (await new TestAgent(host).ChallengeAsync()).Algorithms);
        Assert.Equal(200, (await new TestAgent(host) { Algorithm = "PS256", Sign = pss }.OpenAsync(Card)).Status);
        Refused("signature-wrong", await new TestAgent(host) { Algorithm = "PS256" }.OpenAsync(Card));
        Refused("signature-wrong", await new TestAgent(host) { Algorithm = "PS256", SignedAlgorithm = "RS256", Sign = pss }.OpenAsync(Card));
    }

    [Fact]
    public async Task A_card_swapped_between_challenge_and_signature_opens_nothing()
    {
        var agent = new TestAgent(host);
        using var asked = host.Cards.Authentication(Card);
        using var swapped = host.Cards.Authentication("cpe-referent");
        var answer = await agent.AnswerAsync(swapped);
        Refused("signature-wrong", await agent.PostAsync<Opening>(Path, answer with { Certificate = Convert.ToBase64String(asked.RawData) }));
    }

    [Fact]
    public async Task A_signature_that_is_not_rs256_is_wrong_whatever_it_is_called()
    {
        foreach (var (hash, padding) in new[] { (HashAlgorithmName.SHA256, RSASignaturePadding.Pss), (HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1), (HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1) })
            Refused("signature-wrong", await new TestAgent(host) { Sign = (key, value) => key.SignData(value, hash, padding) }.OpenAsync(Card));
        Refused("signature-wrong", await new TestAgent(host) { Sign = (key, value) => HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), value) }.OpenAsync(Card));
    }

    [Fact]
    public async Task The_signature_certificate_never_signs_in()
    {
        using var card = host.Cards.Signature(Card);
        Refused("certificate-not-authentication", await new TestAgent(host).OpenAsync(card));
    }

    [Fact]
    public async Task An_issuer_of_the_same_name_with_another_key_is_not_believed()
    {
        using var other = DemoAuthority.Make(host.Clock.GetUtcNow());
        using var card = CardPrinter.Print(Deck.Find(Card)!, CertificateUse.Authentication, other, host.Clock.GetUtcNow());
        Refused("certificate-untrusted", await new TestAgent(host).OpenAsync(card));
    }

    [Fact]
    public async Task A_card_straight_under_the_root_is_not_believed()
    {
        using var root = X509Certificate2.CreateFromPemFile(System.IO.Path.Combine(host.Folder, "drawer", "root.pem"));
        using var card = Certificate(2048, root);
        Refused("certificate-untrusted", await new TestAgent(host).OpenAsync(card));
    }

    [Fact]
    public async Task A_card_that_signed_itself_is_not_believed()
    {
        using var card = Certificate(2048, null);
        Refused("certificate-untrusted", await new TestAgent(host).OpenAsync(card));
    }

    [Fact]
    public async Task A_short_key_is_refused()
    {
        using var card = Certificate(1024, null);
        Refused("certificate-key-too-small", await new TestAgent(host).OpenAsync(card));
    }

    [Fact]
    public async Task A_card_from_the_future_is_refused()
    {
        using var authority = DemoAuthority.Ensure(System.IO.Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        using var card = CardPrinter.Print(Deck.Find(Card)!, CertificateUse.Authentication, authority, host.Clock.GetUtcNow().AddDays(10));
        Refused("certificate-not-yet-valid", await new TestAgent(host).OpenAsync(card));
    }

    [Fact]
    public async Task Bytes_that_are_no_certificate_are_refused()
    {
        var agent = new TestAgent(host);
        using var card = host.Cards.Authentication(Card);
        var answer = await agent.AnswerAsync(card);
        Refused("certificate-unreadable", await agent.PostAsync<Opening>(Path, answer with { Certificate = Convert.ToBase64String(new byte[200]) }));
    }

    private static void Refused(string code, Answer<Opening> answer) => Assert.Equal((403, code), (answer.Status, answer.Code));

    private static X509Certificate2 Certificate(int bits, X509Certificate2? authority)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest(SubjectName.Of(Deck.Find(Card)!), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var now = TimeProvider.System.GetUtcNow();
        if (authority is null)
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var certificate = request.Create(authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        return certificate.CopyWithPrivateKey(key);
    }
}
