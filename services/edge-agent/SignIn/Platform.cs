using System.Net;
using System.Buffers.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Refit;

namespace Cdr.EdgeAgent.SignIn;

/// <summary>What the platform replied.</summary>
internal abstract record PlatformReply<TValue>
{
    public sealed record Ok(TValue Value) : PlatformReply<TValue>;

    public sealed record Refused(PlatformRefusal Why) : PlatformReply<TValue>;

    /// <summary>Nobody answered.</summary>
    public sealed record Silent : PlatformReply<TValue>;
}

/// <summary>The platform's own words.</summary>
/// <param name="Code">For the hotline.</param>
/// <param name="Title">For the person.</param>
/// <param name="Next">What to do next.</param>
/// <param name="IsPassing">It cannot for now: the same may be asked again.</param>
internal sealed record PlatformRefusal(string Code, string Title, string? Next, bool IsPassing);

/// <summary>The platform, as an agent speaks to it. Only at the address of the settings, and only under that address's origin.</summary>
internal sealed class Platform(ISessionsApi sessions, Uri address)
{
    /// <summary>Scheme, host and port: what a challenge must name.</summary>
    public string Origin => address.GetLeftPart(UriPartial.Authority);

    public Uri Address => address;

    public Task<PlatformReply<Challenge>> ChallengeAsync(byte[] agentKey, string osSession, CancellationToken cancellationToken) =>
        TryAsync(() => sessions.ChallengeAsync(new ChallengeRequest(Base64Url.EncodeToString(agentKey), osSession, SignInPurpose), cancellationToken), cancellationToken);

    public Task<PlatformReply<Opening>> OpenAsync(OpeningRequest request, CancellationToken cancellationToken) =>
        TryAsync(() => sessions.OpenAsync(request, cancellationToken), cancellationToken);

    public Task<PlatformReply<PresenceAnswer>> StateAsync(AgentStatement statement, CancellationToken cancellationToken) =>
        TryAsync(() => sessions.StateAsync(statement, cancellationToken), cancellationToken);

    public Task<PlatformReply<bool>> WithdrawAsync(string ticket, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await sessions.WithdrawAsync(new WithdrawalRequest(ticket), cancellationToken);
        return true;
    }, cancellationToken);

    public const string SignInPurpose = "sign-in";

    private static async Task<PlatformReply<TValue>> TryAsync<TValue>(Func<Task<TValue>> call, CancellationToken cancellationToken)
    {
        try
        {
            return new PlatformReply<TValue>.Ok(await call());
        }
        catch (ApiException refused) when (Read(refused) is { } why)
        {
            return new PlatformReply<TValue>.Refused(why);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new PlatformReply<TValue>.Silent();
        }
    }

    /// <summary>Null for what is no problem of ours: a proxy's page.</summary>
    private static PlatformRefusal? Read(ApiException refused)
    {
        var isPassing = refused.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests;
        try
        {
            using var problem = JsonDocument.Parse(refused.Content ?? "");
            string? Text(string name) => problem.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return problem.RootElement.ValueKind == JsonValueKind.Object && Text("code") is { } code ? new PlatformRefusal(code, Text("title") ?? code, Text("detail"), isPassing) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
