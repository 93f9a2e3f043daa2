using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Presence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Keys = Cdr.Sessions.Features.AskChallenge.AskChallenge;

namespace Cdr.Sessions.Features.OpenSession;

/// <summary>The agent hands in the card's signature for a one-time ticket.</summary>
internal static partial class OpenSession
{
    public static RouteHandlerBuilder MapOpenSession(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/openings", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(403).ProducesProblem(503)
            .WithSummary("Hands in the card's signature: a one-time ticket, or the reason why the card opens nothing.");

    internal static async Task<Results<Ok<Opening>, ProblemHttpResult>> HandleAsync(
        OpeningRequest request, SessionsDb db, CardVerification cards, Responders responders, GivenSecrets secrets, Admission admission, PersonRegister register,
        AgentBindings bindings, PostRegister posts, IOptions<SessionsOptions> options, IOptions<PresenceOptions> presences, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (AgentBindings.KeyOf(request.AgentKey) is not { } agentKey)
            return Problems.Invalid("agentKey", "agent-key-invalid", "La clé de l'agent n'est pas lisible.", "Envoyez une clé P-256, SubjectPublicKeyInfo en base64url.");
        if (!Keys.IsOsSession(request.OsSession))
            return Problems.Invalid("osSession", "os-session-invalid", "L'identifiant de la session du poste n'est pas valable.", "De 1 à 128 caractères.");
        if (Secret.Bytes(request.Signature, 1024) is not { } signature)
            return Problems.Invalid("signature", "signature-unreadable", "La signature n'est pas lisible.", "Envoyez-la en base64url.");
        if (Certificate(request.Certificate) is not { } certificate)
            return Problems.Invalid("certificate", "certificate-unreadable", "Le certificat n'est pas lisible.", "Envoyez-le en DER, base64.");

        if (request.Presence is not { Kind: AgentStatements.Present } presence || presence.Session != request.Challenge)
            return Problems.Invalid("presence", "presence-missing", "La déclaration de présence de la carte est absente.", $"Envoyez une déclaration « {AgentStatements.Present} » signée par l'agent, à propos de l'identifiant de la demande.");
        if (StatePresence.StatePresence.Invalid(presence) is { } invalid)
            return invalid;

        if (request.Post is { } told && !PostRegister.IsValid(told))
            return Problems.Invalid("post", "post-invalid", "Le relevé du poste n'est pas lisible.", "Voyez la description de l'API.");
        var postSecret = Secret.Bytes(request.PostSecret, PostValue.LongestSecret);
        if (request.Post is not null && (postSecret is not { Length: >= PostValue.ShortestSecret } || PostValue.IdOf(postSecret) != request.Post.Post))
            return Problems.Invalid("postSecret", "post-not-proven", "Le relevé n'est pas celui de ce poste.", "Envoyez le secret dont l'identifiant du poste est tiré.");

        var log = logs.CreateLogger(typeof(OpenSession).FullName!);
        var purpose = request.Purpose ?? "";
        var agent = Secret.AgentOf(agentKey, request.OsSession, purpose);
        var (challenge, refusal) = await SpendAsync(db, request.Challenge, agent, clock.GetUtcNow(), cancellationToken);
        if (refusal is null && !CardVerification.Algorithms.Contains(request.Algorithm))
            refusal = Refusal.AlgorithmRefused;
        if (refusal is null && !bindings.IsSignedBy(agentKey, presence, request.Post))
            refusal = Refusal.AgentSignatureWrong;
        if (refusal is not null)
            return Refuse(log, refusal);

        var signed = SignedValue.Of(options.Value.Origin, challenge!.Nonce, agentKey, request.OsSession, purpose, request.Algorithm);
        var verdict = cards.Verify(certificate, request.Algorithm, signed, signature);
        if (verdict is CardProof.Refused refused)
            return Refuse(log, refused.Why);
        var proof = (CardProof.Proven)verdict;
        if (await responders.SayRevokedAsync(certificate, proof.Issuer, cancellationToken))
            return Refuse(log, Refusal.CardRevoked);
        var (ticket, hash) = secrets.Make(GivenSecrets.Ticket);
        for (var again = false; ; again = true)
        {
            var admitted = await admission.OfAsync(db, proof.Identity, cancellationToken);
            if (admitted is Admitted.Refused { Why: var why })
                return Refuse(log, why);

            var (person, habilitations) = (Admitted.To)admitted;
            register.Name(person, $"{proof.Identity.GivenName} {proof.Identity.FamilyName}".Trim());
            if (posts.Judge(request.Post, proof.Pki, habilitations) is not { } findings)
                return Refuse(log, Refusal.PostReportMissing);
            var refuses = findings is [{ Refuses: true }, ..];
            var report = request.Post is { } post ? PostRegister.TextOf(post) : null;
            var row = new OneTimeTicket
            {
                Hash = hash,
                SessionId = secrets.MakeSessionId(clock.GetUtcNow()),
                PersonId = person.Id,
                Card = new ProvenCard
                {
                    Kind = proof.Identity.Kind.Code,
                    Issuer = proof.Issuer,
                    Serial = proof.Serial,
                    EndsAt = proof.EndsAt,
                    Agent = agent,
                    AgentKey = agentKey,
                    Insertion = presence.Insertion,
                },
                Report = report,
                Pki = report is null ? null : proof.Pki,
                IssuedAt = clock.GetUtcNow(),
                ExpiresAt = clock.GetUtcNow() + options.Value.TicketLifetime,
            };
            // What a refused post reported is kept, for wherever its holder would have worked: a referent sees it. Otherwise the session keeps it.
            if (!refuses)
                db.Tickets.Add(row);
            foreach (var establishment in refuses ? habilitations.Select(one => one.EstablishmentFiness).Distinct() : [])
                await PostRegister.KeepAsync(db, report!, proof.Pki, establishment, row.IssuedAt, cancellationToken);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException e) when (!again && !StoreOutage.Is(e))
            {
                // Somebody never met before, twice at the same moment: the other sign-in wrote the person first, and is read now.
                db.ChangeTracker.Clear();
                continue;
            }

            if (refuses)
                return Refuse(log, Refusal.OfPost(findings[0].Rule));
            return TypedResults.Ok(new Opening(
                ticket,
                row.ExpiresAt,
                await Activities.OfAsync(db, habilitations, cancellationToken),
                row.SessionId,
                (int)presences.Value.Heartbeat.TotalSeconds,
                [.. findings.Select(finding => finding.ToWarning())]));
        }
    }

    /// <summary>Spent by the first answer, right or wrong.</summary>
    private static async Task<(IssuedChallenge? Challenge, Refusal? Refusal)> SpendAsync(SessionsDb db, Guid id, byte[] agent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var challenge = await db.Challenges.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (challenge is null)
            return (null, Refusal.ChallengeUnknown);
        if (challenge.UsedAt is not null)
            return (null, Refusal.ChallengeUsed);
        if (challenge.ExpiresAt <= now)
            return (null, Refusal.ChallengeExpired);
        var spent = await db.Challenges.Where(one => one.Id == id && one.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellationToken);
        if (spent == 0)
            return (null, Refusal.ChallengeUsed);
        return challenge.Agent.AsSpan().SequenceEqual(agent) ? (challenge, null) : (null, Refusal.AgentDiffers);
    }

    private static byte[]? Certificate(string? base64)
    {
        var bytes = new byte[8 * 1024];
        return base64 is { Length: > 0 and <= 10_000 } && Convert.TryFromBase64String(base64, bytes, out var written) ? bytes[..written] : null;
    }

    private static ProblemHttpResult Refuse(ILogger log, Refusal refusal)
    {
        Log.Refused(log, refusal.Code);
        return refusal.ToProblem();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A card was refused: {Code}.")]
        public static partial void Refused(ILogger logger, string code);
    }
}
