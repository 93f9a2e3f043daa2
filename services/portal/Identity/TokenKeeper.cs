using System.Collections.Concurrent;
using System.Net;
using Cdr.Contracts.Sessions;
using Microsoft.Extensions.Caching.Memory;
using Refit;

namespace Cdr.Portal.Identity;

/// <summary>The tokens (five minutes) of the sessions whose pages this process serves: renewed a minute before their end, once for all pages of a session.</summary>
internal sealed class TokenKeeper([FromKeyedServices(PortalModule.Name)] ISessionsApi sessions, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private readonly MemoryCache tokens = new(new MemoryCacheOptions());
    private readonly ConcurrentDictionary<Guid, Task<AccessToken>> renewals = new();

    /// <summary>The token that came with a new session.</summary>
    public void Keep(Guid session, AccessToken token) => tokens.Set(session, token, token.ExpiresAt);

    /// <summary>Forgets an ended session's.</summary>
    public void Forget(Guid session) => tokens.Remove(session);

    /// <summary>A token good for at least a minute; null when the session ended.</summary>
    /// <exception cref="ApiRequestException">Sessions is silent: the session may well be alive.</exception>
    /// <exception cref="ApiException">Sessions refused for another reason.</exception>
    public async Task<string?> TokenAsync(SignedIn person, CancellationToken cancellationToken)
    {
        if (tokens.TryGetValue(person.Session, out AccessToken? kept) && kept!.ExpiresAt - clock.GetUtcNow() > Margin)
            return kept.Value;
        try
        {
            // Nobody's leaving cancels a renewal that others wait for.
            var renewal = renewals.GetOrAdd(person.Session, _ => sessions.RenewAsync(person.Session, new RenewalRequest(person.Renewal), CancellationToken.None));
            var token = await renewal.WaitAsync(cancellationToken);
            Keep(person.Session, token);
            return token.Value;
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Unauthorized)
        {
            Forget(person.Session);
            return null;
        }
        finally
        {
            renewals.TryRemove(person.Session, out _);
        }
    }

    /// <summary>Ends the session everywhere; where Sessions is silent, the pages are left all the same and the session expires by itself.</summary>
    public async Task<bool> EndAsync(SignedIn person, CancellationToken cancellationToken)
    {
        try
        {
            if (await TokenAsync(person, cancellationToken) is { } token)
                await sessions.EndAsync(person.Session, "Bearer " + token, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Forget(person.Session);
        }
    }

    public void Dispose() => tokens.Dispose();
}
