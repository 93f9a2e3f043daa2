using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Cdr.Sessions.Presence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.AskChallenge;

/// <summary>An agent asks for bytes to have signed.</summary>
internal static class AskChallenge
{
    private const string SignIn = "sign-in";

    public static RouteHandlerBuilder MapAskChallenge(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/challenges", HandleAsync).AllowAnonymous().ProducesProblem(400).WithSummary("Asks for 32 fresh bytes to sign: single use, 120 s.");

    internal static async Task<Results<Ok<Challenge>, ProblemHttpResult>> HandleAsync(
        ChallengeRequest request, SessionsDb db, IOptions<SessionsOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (AgentBindings.KeyOf(request.AgentKey) is not { } agentKey)
            return Problems.Invalid("agentKey", "agent-key-invalid", "La clé de l'agent n'est pas lisible.", "Envoyez une clé P-256, SubjectPublicKeyInfo en base64url.");
        if (!IsOsSession(request.OsSession))
            return Problems.Invalid("osSession", "os-session-invalid", "L'identifiant de la session du poste n'est pas valable.", "De 1 à 128 caractères.");
        if (request.Purpose != SignIn)
            return Problems.Invalid("purpose", "purpose-unknown", "L'objet de la demande n'est pas connu.", $"Seul objet aujourd'hui : {SignIn}.");

        var now = clock.GetUtcNow();
        var challenge = new IssuedChallenge
        {
            Id = Guid.CreateVersion7(now),
            Nonce = RandomNumberGenerator.GetBytes(32),
            Agent = Secret.AgentOf(agentKey, request.OsSession, request.Purpose),
            ExpiresAt = now + options.Value.ChallengeLifetime,
        };
        db.Challenges.Add(challenge);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(new Challenge(challenge.Id, options.Value.Origin, Base64Url.EncodeToString(challenge.Nonce), CardVerification.Algorithms, challenge.ExpiresAt));
    }

    internal static bool IsOsSession(string? text) => text is { Length: >= 1 and <= 128 };
}
