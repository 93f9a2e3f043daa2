using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.OpenId;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Began = Cdr.Sessions.Features.BeginProviderSignIn.BeginProviderSignIn;

namespace Cdr.Sessions.Features.AnswerProvider;

/// <summary>The provider's answer, handed in for a one-time ticket as a card's signature is.</summary>
internal static partial class AnswerProvider
{
    public static RouteHandlerBuilder MapAnswerProvider(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/providers/answers", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(403).ProducesProblem(503)
            .WithSummary("Hands in a provider's answer: a one-time ticket, or the reason why the identity opens nothing.");

    internal static async Task<Results<Ok<Opening>, ProblemHttpResult>> HandleAsync(
        ProviderAnswer request, SessionsDb db, IOptions<ProvidersOptions> providers, ProviderClient client, Admission admission, PersonRegister register, GivenSecrets secrets,
        [FromKeyedServices(SessionsModule.Name)] Sealer sealer, IOptions<SessionsOptions> options, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (request.Code is not { Length: > 0 and <= 4096 })
            return Problems.Invalid("code", "provider-code-missing", "Le code du fournisseur d'identité est absent.");
        if (request.State is not { Length: > 0 and <= 128 } || request.Binding is not { Length: > 0 and <= 128 })
            return Problems.Invalid("state", "provider-state-missing", "La demande de connexion n'est pas désignée.", "Recommencez la connexion dans ce navigateur ; les cookies doivent être acceptés.");

        var log = logs.CreateLogger(typeof(AnswerProvider).FullName!);
        var (began, refusal) = await SpendAsync(db, request, clock.GetUtcNow(), cancellationToken);
        if (began is null)
            return Refuse(log, refusal!);
        // Taken out of the settings meanwhile.
        if (!providers.Value.TryGetValue(began.Provider, out var provider) || !sealer.TryOpen(Began.Purpose, began.State, began.Verifier, out var verifier))
            return Refuse(log, ProviderRefusals.Unknown);
        ProviderProof proof;
        try
        {
            proof = await client.ProveAsync(provider, began, request.Code, Encoding.ASCII.GetString(verifier), request.Issuer, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return Refuse(log, ProviderRefusals.Silent);
        }

        if (proof is not ProviderProof.Proven { Identity: var identity, IdToken: var idToken })
            return Refuse(log, ((ProviderProof.Refused)proof).Why);
        var (ticket, hash) = secrets.Make(GivenSecrets.Ticket);
        for (var again = false; ; again = true)
        {
            var admitted = await admission.OfAsync(db, identity, cancellationToken);
            if (admitted is Admitted.Refused { Why: var why })
                return Refuse(log, ProviderRefusals.Of(why));
            var (person, habilitations) = (Admitted.To)admitted;
            register.Name(person, $"{identity.GivenName} {identity.FamilyName}".Trim());
            var row = new OneTimeTicket
            {
                Hash = hash,
                SessionId = Guid.CreateVersion7(clock.GetUtcNow()),
                PersonId = person.Id,
                // No card: no list revokes it, no agent speaks for it, and no other sign-in is the same.
                Card = new ProvenCard { Kind = identity.Kind.Code, Issuer = began.Provider, Serial = Convert.ToHexString(began.State), EndsAt = clock.GetUtcNow() + provider.Life, Agent = began.Binding, AgentKey = [], Insertion = 0 },
                IssuedAt = clock.GetUtcNow(),
                ExpiresAt = clock.GetUtcNow() + options.Value.TicketLifetime,
            };
            db.Tickets.Add(row);
            db.ProviderLogins.Add(new ProviderLogin
            {
                SessionId = row.SessionId,
                Provider = began.Provider,
                IdToken = sealer.Seal(LeaveProvider.LeaveProvider.Purpose, row.SessionId.ToByteArray(), Encoding.ASCII.GetBytes(idToken)),
                EndsAt = row.Card.EndsAt,
            });
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

            return TypedResults.Ok(new Opening(ticket, row.ExpiresAt, await Activities.OfAsync(db, habilitations, cancellationToken), row.SessionId, 0));
        }
    }

    /// <summary>Spent by the first answer of its own browser; another browser's spends nothing, or anybody could end a sign-in under way.</summary>
    private static async Task<(ProviderSignIn? Began, Refusal? Refusal)> SpendAsync(SessionsDb db, ProviderAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = Secret.HashOf(answer.State);
        var began = await db.ProviderSignIns.AsNoTracking().FirstOrDefaultAsync(one => one.State == state, cancellationToken);
        if (began is null)
            return (null, ProviderRefusals.Unknown);
        if (!CryptographicOperations.FixedTimeEquals(began.Binding, Secret.HashOf(answer.Binding)))
            return (null, ProviderRefusals.OtherBrowser);
        if (began.UsedAt is not null)
            return (null, ProviderRefusals.Used);
        if (began.ExpiresAt <= now)
            return (null, ProviderRefusals.Expired);
        var spent = await db.ProviderSignIns.Where(one => one.State == state && one.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.UsedAt, now), cancellationToken);
        return spent == 0 ? (null, ProviderRefusals.Used) : (began, null);
    }

    private static ProblemHttpResult Refuse(ILogger log, Refusal refusal)
    {
        Log.Refused(log, refusal.Code);
        return refusal.ToProblem();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "An identity of a provider was refused: {Code}.")]
        public static partial void Refused(ILogger logger, string code);
    }
}
