using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.SignIn;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Microsoft.Extensions.Time.Testing;
using Refit;

namespace Cdr.EdgeAgent.Tests.SignIn;

/// <summary>The protocol between a card of this process and a platform that the test words.</summary>
public sealed class CardSignInTests : IDisposable
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly WordedPlatform platform = new();
    private readonly WrittenPins pins = new("1234");
    private readonly VirtualCard card = TestCards.Make();
    private readonly CardInProcess channel;
    private readonly AgentKey key;

    public CardSignInTests()
    {
        channel = new CardInProcess(card);
        key = new AgentKey(clock);
        pins.Asked = () => Assert.False(channel.IsHeld, "A transaction is held while the PIN is typed.");
    }

    [Fact]
    public async Task The_signed_value_is_the_servers_and_the_pin_is_nowhere_else_than_in_the_card()
    {
        var opened = Assert.IsType<SignInOutcome.Opened>(await RunAsync());
        Assert.Equal("ticket", opened.Opening.Ticket);
        var request = JsonSerializer.Deserialize<OpeningRequest>(platform.Bodies["/api/sessions/openings"], JsonSerializerOptions.Web)!;
        var value = SignedValue.Of("https://cdr.test", WordedPlatform.Nonce, Base64Url.DecodeFromChars(request.AgentKey), "os-session", "sign-in", "RS256");
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(request.Certificate));
        using var rsa = certificate.GetRSAPublicKey()!;
        Assert.True(rsa.VerifyData(value, Base64Url.DecodeFromChars(request.Signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(TestCards.Authentication.RawData, certificate.RawData);

        // The agent proves its own key beside, with the insertion that the session is bound to.
        using var agent = ECDsa.Create();
        agent.ImportSubjectPublicKeyInfo(Base64Url.DecodeFromChars(request.AgentKey), out _);
        var presence = request.Presence!;
        Assert.Equal((request.Challenge, "present", 5L), (presence.Session, presence.Kind, presence.Insertion));
        Assert.True(agent.VerifyData(AgentValue.Of("https://cdr.test", presence.Session, presence.Kind, 5, presence.Sequence), Base64Url.DecodeFromChars(presence.Signature), HashAlgorithmName.SHA256));

        Assert.All(pins.Given, digits => Assert.Equal(new byte[4], digits));
        Assert.All(platform.Bodies.Values, body => Assert.DoesNotContain("1234", body, StringComparison.Ordinal));
        Assert.Equal(CardReset.WhenAlone, channel.ClosedWith);
    }

    [Fact]
    public async Task A_card_exchanged_between_challenge_and_signature_signs_nothing_and_loses_no_try()
    {
        using var other = TestCards.Make(CardProfile.Cps3 with { Serial = "80250000010000005678", Pin = "9999" });
        platform.Challenged = () => channel.Exchange(other);
        Assert.Equal(new SignInOutcome.CardFailed(CardTrouble.AnotherCard), await RunAsync());
        Assert.Equal((0, 3), (other.Signed.Count, other.TriesLeft));
        Assert.False(platform.Bodies.ContainsKey("/api/sessions/openings"));
    }

    [Fact]
    public async Task A_silent_platform_costs_no_try()
    {
        platform.Status = HttpStatusCode.BadGateway;
        pins.Types("0000");
        Assert.IsType<SignInOutcome.PlatformSilent>(await RunAsync());
        Assert.Equal(3, card.TriesLeft);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS1")]
    public async Task An_algorithm_that_is_none_of_ours_is_not_signed_with(string algorithm)
    {
        platform.Algorithms = [algorithm];
        Assert.IsType<SignInOutcome.NoAlgorithm>(await RunAsync());
        Assert.Empty(card.Signed);
        Assert.Equal(3, card.TriesLeft);
    }

    [Fact]
    public async Task A_cps4_signs_ps256_where_the_platform_asks_for_it()
    {
        using var cps4 = TestCards.Make(CardProfile.Cps4);
        using var inserted = new CardInProcess(cps4);
        platform.Algorithms = ["PS256"];
        Assert.IsType<SignInOutcome.Opened>(await RunAsync(inserted));
        var request = JsonSerializer.Deserialize<OpeningRequest>(platform.Bodies["/api/sessions/openings"], JsonSerializerOptions.Web)!;
        Assert.Equal("PS256", request.Algorithm);
        var value = SignedValue.Of("https://cdr.test", WordedPlatform.Nonce, Base64Url.DecodeFromChars(request.AgentKey), "os-session", "sign-in", "PS256");
        using var key = TestCards.Authentication.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(value, Base64Url.DecodeFromChars(request.Signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://cdr.test.evil.example")]
    [InlineData("http://cdr.test")]
    [InlineData("https://cdr.test:8443")]
    public async Task A_challenge_of_a_foreign_origin_is_not_signed(string origin)
    {
        platform.Origin = origin;
        Assert.Equal(new SignInOutcome.ForeignOrigin(origin), await RunAsync());
        Assert.Empty(card.Signed);
    }

    [Fact]
    public async Task Each_wrong_pin_is_told_and_the_last_is_warned_of()
    {
        pins.Types("0000", "1111", "1234");
        Assert.IsType<SignInOutcome.Opened>(await RunAsync());
        Assert.Equal([(3, false), (2, true), (1, true)], pins.Questions.Select(question => (question.TriesLeft!.Value, question.WasWrong)));
        Assert.DoesNotContain("ATTENTION", pins.Questions[1].Words, StringComparison.Ordinal);
        Assert.Contains("ATTENTION : dernier essai", pins.Questions[2].Words, StringComparison.Ordinal);
        Assert.All(pins.Questions, question => Assert.Contains("https://cdr.test", question.Words, StringComparison.Ordinal));
        Assert.All(pins.Given, digits => Assert.Equal(new byte[4], digits));
    }

    [Fact]
    public async Task Giving_up_leaves_the_card_as_it_was()
    {
        pins.Types();
        Assert.Equal(new SignInOutcome.NoPin(null), await RunAsync());
        Assert.Equal((3, CardReset.Never), (card.TriesLeft, channel.ClosedWith));
        Assert.Empty(platform.Bodies);
    }

    [Fact]
    public async Task A_card_that_has_expired_by_the_posts_clock_is_told_before_its_pin_and_left_to_the_platform()
    {
        Assert.IsType<SignInOutcome.Opened>(await RunAsync());
        Assert.DoesNotContain("expiré", Assert.Single(pins.Questions).Words, StringComparison.Ordinal);
        // The certificate of the tests ends in three years.
        var end = new DateTimeOffset(TestCards.Authentication.NotAfter);
        clock.SetUtcNow(end.AddMinutes(1));
        using var again = new CardInProcess(card);
        pins.Types("1234");
        Assert.IsType<SignInOutcome.Opened>(await RunAsync(again));
        Assert.Contains(
            $"ATTENTION : d'après l'horloge de ce poste, cette carte a expiré le {end.UtcDateTime.ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture)}.", pins.Questions[1].Words, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        platform.Dispose();
        card.Dispose();
        channel.Dispose();
        key.Dispose();
    }

    private async Task<SignInOutcome> RunAsync(CardInProcess? other = null)
    {
        using var client = new HttpClient(platform, disposeHandler: false) { BaseAddress = new Uri("https://cdr.test/") };
        var signIn = new CardSignIn(new Platform(RestService.ForGenerated<ISessionsApi>(client, new RefitSettings()), client.BaseAddress), key, "os-session", new byte[32], pins, clock);
        using var signer = new IasCard(other ?? channel);
        return await signIn.RunAsync(signer, "carte d'essai", 5, CardReset.WhenAlone, _ => null, TestContext.Current.CancellationToken);
    }

    /// <summary>Types what it was told to, and keeps the very arrays that it gave.</summary>
    private sealed class WrittenPins(params string[] pins) : IPinEntry
    {
        private Queue<string> left = new(pins);

        public List<PinQuestion> Questions { get; } = [];

        public List<byte[]> Given { get; } = [];

        public Action Asked { get; set; } = () => { };

        public void Types(params string[] next) => left = new(next);

        public Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken)
        {
            Asked();
            Questions.Add(question);
            if (!left.TryDequeue(out var pin))
                return Task.FromResult<PinTyped>(new PinTyped.Cancelled());
            Given.Add(Encoding.ASCII.GetBytes(pin));
            return Task.FromResult<PinTyped>(new PinTyped.Pin(Given[^1]));
        }
    }

    private sealed class WordedPlatform : HttpMessageHandler
    {
        public static byte[] Nonce { get; } = RandomNumberGenerator.GetBytes(32);

        public Dictionary<string, string> Bodies { get; } = [];

        public string Origin { get; set; } = "https://cdr.test";

        public string[] Algorithms { get; set; } = ["RS256"];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public Action Challenged { get; set; } = () => { };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            Bodies[path] = await request.Content!.ReadAsStringAsync(cancellationToken);
            var now = TimeProvider.System.GetUtcNow();
            object answer = path == "/api/sessions/challenges"
                ? new Challenge(Guid.CreateVersion7(now), Origin, Base64Url.EncodeToString(Nonce), Algorithms, now.AddSeconds(120))
                : new Opening("ticket", now.AddSeconds(30), [], Guid.CreateVersion7(now), 20);
            if (path == "/api/sessions/challenges")
                Challenged();
            return new HttpResponseMessage(Status) { RequestMessage = request, Content = Status == HttpStatusCode.OK ? JsonContent.Create(answer) : null };
        }
    }
}
