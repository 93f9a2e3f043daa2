using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Tests.Posts;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>An agent that can be made to lie at each step of the protocol.</summary>
public sealed class TestAgent(SessionsHost host)
{
    /// <summary>Name of the post where nothing else is said.</summary>
    public const string OwnPost = "own";

    private static readonly ConcurrentDictionary<string, byte[]> Secrets = new(StringComparer.Ordinal);

    private readonly HttpClient http = host.CreateClient();

    private readonly ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private byte[]? key;
    private long sequence;

    /// <summary>Its public key, or one that it does not hold.</summary>
    public byte[] Key
    {
        get => key ?? own.ExportSubjectPublicKeyInfo();
        init => key = value;
    }

    public long Insertion { get; set; } = 1;

    public string OsSession { get; init; } = "os-session-1";

    public string Purpose { get; init; } = "sign-in";

    /// <summary>What it declares.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary>What it puts into the signed value; null: the truth.</summary>
    public string? SignedOrigin { get; init; }

    public string? SignedAlgorithm { get; init; }

    public Func<RSA, byte[], byte[]> Sign { get; init; } = (key, value) => key.SignData(value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }

    public async Task<Challenge> ChallengeAsync()
    {
        using var response = await http.PostAsJsonAsync("/api/sessions/challenges", new ChallengeRequest(Base64Url.EncodeToString(Key), OsSession, "sign-in"), TestContext.Current.CancellationToken);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Challenge>(TestContext.Current.CancellationToken))!;
    }

    public async Task<OpeningRequest> AnswerAsync(X509Certificate2 card, Challenge? challenge = null)
    {
        challenge ??= await ChallengeAsync();
        var value = SignedValue.Of(SignedOrigin ?? challenge.Origin, Base64Url.DecodeFromChars(challenge.Nonce), Key, OsSession, Purpose, SignedAlgorithm ?? Algorithm);
        using var secret = card.GetRSAPrivateKey()!;
        return new OpeningRequest(
            challenge.Id, Base64Url.EncodeToString(Key), OsSession, Purpose, Algorithm, Convert.ToBase64String(card.RawData), Base64Url.EncodeToString(Sign(secret, value)),
            Statement(challenge.Id, report: Post is { Readers: not null } ? Post : null), Post, Post is null ? null : Base64Url.EncodeToString(SecretOf(Post.Post)));
    }

    /// <summary>What it found on its post; null: it says nothing of it.</summary>
    public PostReport? Post { get; init; } = PostPolicyTests.Report("5.0.42", post: OwnPost);

    /// <summary>The id of the test's post of that name.</summary>
    public static string PostOf(string name)
    {
        var secret = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        var id = PostValue.IdOf(secret);
        Secrets[id] = secret;
        return id;
    }

    private static byte[] SecretOf(string post) => Secrets.GetValueOrDefault(post) ?? RandomNumberGenerator.GetBytes(32);

    /// <summary>Signed, one number higher than the one before.</summary>
    public AgentStatement Statement(Guid about, string kind = AgentStatements.Present, string origin = SessionsHost.Origin, PostReport? report = null)
    {
        var number = ++sequence;
        var signature = own.SignData(AgentValue.Of(origin, about, kind, Insertion, number, report), HashAlgorithmName.SHA256);
        return new AgentStatement(about, kind, Insertion, number, Base64Url.EncodeToString(signature));
    }

    public Task<Answer<PresenceAnswer>> StateAsync(AgentStatement statement) => PostAsync<PresenceAnswer>("/api/sessions/presence", statement);

    public Task<Answer<PresenceAnswer>> StateAsync(Guid session, string kind = AgentStatements.Present) => StateAsync(Statement(session, kind));

    public async Task<Answer<Opening>> OpenAsync(X509Certificate2 card) => await PostAsync<Opening>("/api/sessions/openings", await AnswerAsync(card));

    public async Task<Answer<Opening>> OpenAsync(string card)
    {
        using var certificate = host.Cards.Authentication(card);
        return await OpenAsync(certificate);
    }

    public Task<Answer<SessionGrant>> RedeemAsync(string ticket, Guid? activity = null) => PostAsync<SessionGrant>("/api/sessions", new RedemptionRequest(ticket, activity));

    public Task<Answer<AccessToken>> RenewAsync(SessionGrant grant) => PostAsync<AccessToken>($"/api/sessions/{grant.Session}/tokens", new RenewalRequest(grant.Renewal));

    /// <summary>From the card to the session.</summary>
    public async Task<SessionGrant> SignInAsync(string card)
    {
        var opening = (await OpenAsync(card)).Value;
        return (await RedeemAsync(opening.Ticket, opening.Activities[0].Id)).Value;
    }

    public async Task<Answer<TValue>> PostAsync<TValue>(string path, object? body)
    {
        using var response = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<TValue>(response);
    }
}

/// <summary>A status, and either the value or the problem's code.</summary>
public sealed record Answer<TValue>(int Status, string? Code, string Body)
{
    public TValue Value => Status == 200
        ? JsonSerializer.Deserialize<TValue>(Body, JsonSerializerOptions.Web)!
        : throw new InvalidOperationException($"{Status} {Code}");
}

public static class Answer
{
    public static async Task<Answer<TValue>> ReadAsync<TValue>(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string? code = null;
        if (!response.IsSuccessStatusCode && body.StartsWith('{'))
        {
            using var problem = JsonDocument.Parse(body);
            code = problem.RootElement.TryGetProperty("code", out var told) ? told.GetString() : null;
        }

        return new Answer<TValue>((int)response.StatusCode, code, body);
    }
}
