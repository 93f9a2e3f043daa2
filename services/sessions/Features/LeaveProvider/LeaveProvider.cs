using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Data;
using Cdr.Sessions.OpenId;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.LeaveProvider;

/// <summary>
/// The person of a session that ended leaves the provider too: their browser takes its token there. Proven by the session's own secret, as
/// the session's token is no good any more.
/// </summary>
internal static class LeaveProvider
{
    public const string Purpose = "provider-id-token";

    public static RouteHandlerBuilder MapLeaveProvider(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/{id:guid}/provider-logout", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(401)
            .WithSummary("What the browser of a session that ended posts to its provider, told once.");

    internal static async Task<Results<Ok<ProviderLogout>, ProblemHttpResult>> HandleAsync(
        Guid id, RenewalRequest request, SessionsDb db, LiveSessions sessions, GivenSecrets secrets, IOptions<ProvidersOptions> providers, ProviderDescriptions descriptions, ProviderClient client,
        [FromKeyedServices(SessionsModule.Name)] Sealer sealer, CancellationToken cancellationToken)
    {
        if (request.Renewal is not { Length: > 0 and <= 128 })
            return Problems.Invalid("renewal", "renewal-missing", "Le secret de prolongation est absent.");
        if (!secrets.AreOurs(GivenSecrets.Renewal, request.Renewal))
            return Refusal.RenewalWrong.ToProblem();
        var session = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (session is null || sessions.IsAlive(session) || !CryptographicOperations.FixedTimeEquals(session.Renewal, Secret.HashOf(request.Renewal)))
            return Refusal.RenewalWrong.ToProblem();
        var login = await db.ProviderLogins.AsNoTracking().FirstOrDefaultAsync(one => one.SessionId == id, cancellationToken);
        if (login is null || !providers.Value.TryGetValue(login.Provider, out var provider) || !sealer.TryOpen(Purpose, id.ToByteArray(), login.IdToken, out var token))
            return Nothing();
        try
        {
            // Where it is published first: whoever finds the provider silent may come back. Told once all the same, by whoever deletes it.
            return (await descriptions.OfAsync(provider, cancellationToken)).EndSessionEndpoint is { Length: > 0 } address
                && await db.ProviderLogins.Where(one => one.SessionId == id).ExecuteDeleteAsync(cancellationToken) > 0
                ? TypedResults.Ok(new ProviderLogout(address, Encoding.ASCII.GetString(token), provider.ClientId, client.LeftAddress))
                : Nothing();
        }
        catch (HttpRequestException)
        {
            // The session here has ended all the same, and the next sign-in there asks anew.
            return Nothing();
        }
    }

    private static Ok<ProviderLogout> Nothing() => TypedResults.Ok(new ProviderLogout(null));
}
