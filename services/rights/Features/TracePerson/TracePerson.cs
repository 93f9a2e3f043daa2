using System.Security.Claims;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.TracePerson;

/// <summary>POST /api/persons/accesses: who asked about a person, for that person. The request is journaled before its answer leaves.</summary>
internal static class TracePerson
{
    /// <summary>Accesses in one list.</summary>
    internal const int Most = 10_000;

    public static RouteHandlerBuilder MapTracePerson(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/persons/accesses", HandleAsync)
            .RequireAuthorization(RightsPolicies.DataProtection)
            .Produces<PersonAccesses>(StatusCodes.Status200OK, "application/json", "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("TracePerson")
            .WithSummary("Qui a consulté les droits d'une personne ; en CSV avec « Accept: text/csv ».")
            .WithDescription("Les accès les plus récents, 10 000 au plus ; ceux d'un même instant ne sont jamais séparés, fussent-ils davantage à eux seuls. Quand il y en a d'autres, « complete » est faux et le fichier le dit : ils se demandent avec « before », l'instant du premier accès rendu.");

    internal static async Task<IResult> HandleAsync(
        PersonAccessesRequest request, HttpContext http, IDbContextFactory<RightsDb> contexts, JournalWriter journal, TimeProvider clock,
        [FromKeyedServices(RightsModule.Name)] Pseudonyms pseudonyms, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!Nir.Parse(request.Nir).TryGet(out var nir, out var error))
            return Problems.Invalid("nir", error);
        if (AccessWords.Purpose(request.Purpose) is null)
            return Problems.Invalid("purpose", "purpose-unknown", "La finalité de la demande manque ou n'est pas connue.", "Choisissez parmi : " + string.Join(", ", AccessWords.Purposes) + ".");
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var now = clock.GetUtcNow();
            var (lines, isWhole) = await LinesAsync(db, [.. pseudonyms.AllOf(RecordWriting.Person, SubjectText.PersonByNir(nir.Value)).Select(one => one.Pseudonym)], request.Before?.ToUniversalTime(), cancellationToken);
            await journal.AppendAsync(Traced(http.User, request.Purpose!, pseudonyms.ActiveKey, pseudonyms.Of(RecordWriting.Person, SubjectText.PersonByNir(nir.Value)), now));
            var accesses = new PersonAccesses(now, request.Purpose!, isWhole, lines);
            return http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase)
                ? TypedResults.Stream(stream => AccessCsv.WriteAsync(stream, accesses, cancellationToken), "text/csv; charset=utf-8", $"acces-{now:yyyy-MM-dd}.csv")
                : TypedResults.Json(accesses);
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    /// <summary>
    /// The newest, by their instant, since a caller chooses an id, up to a day beside it, and would choose whether their access is cut off. An instant is
    /// never cut in two: the next list begins before the first line of this one.
    /// </summary>
    private static async Task<(List<PersonAccess> Lines, bool IsWhole)> LinesAsync(RightsDb db, byte[][] pseudonyms, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        var lines = await NewestAsync(db, pseudonyms, before is { } end ? records => records.Where(r => r.At < end) : records => records, Most + 1, cancellationToken);
        if (lines.Count <= Most)
            return (lines, true);
        var oldest = lines[^(Most + 1)].At;
        var newer = lines.FindAll(line => line.At > oldest);
        // More at one instant than a list holds.
        return (newer.Count > 0 ? newer : await NewestAsync(db, pseudonyms, records => records.Where(r => r.At == oldest), int.MaxValue, cancellationToken), false);
    }

    /// <summary>By what was asked, and by whom a search by names found; of such a search everything that was done. In the order in which it happened.</summary>
    private static async Task<List<PersonAccess>> NewestAsync(
        RightsDb db, byte[][] pseudonyms, Func<IQueryable<JournalRecord>, IQueryable<JournalRecord>> some, int most, CancellationToken cancellationToken)
    {
        Dictionary<Guid, PersonAccess> lines = [];
        async Task AddAsync(IQueryable<JournalRecord> records)
        {
            var found = await some(records).OrderByDescending(r => r.At).Take(most)
                .Select(r => new { r.Id, r.At, r.Kind, r.Consultation, r.Subject, r.Role, r.Establishment, r.Department, r.Unit, r.Function, r.Reason, r.CareDate, r.Regimes })
                .ToListAsync(cancellationToken);
            foreach (var r in found)
                lines[r.Id] = new PersonAccess(r.At, AccessWords.Of(r.Kind), r.Consultation, r.Subject, r.Role, r.Establishment, r.Department, r.Unit, r.Function, r.Reason, r.CareDate, AccessWords.Regimes(r.Kind, r.Regimes));
        }

        foreach (var pseudonym in pseudonyms)
        {
            await AddAsync(db.Records.Where(r => r.Pseudonym == pseudonym));
            await AddAsync(db.Records.Where(r => r.PatientPseudonym == pseudonym));
            // Whenever it was that the person was shown. What says that another person's data was shown is theirs.
            var named = db.Records.Where(r => r.PatientPseudonym == pseudonym).Select(r => r.Consultation);
            await AddAsync(db.Records.Where(r => named.Contains(r.Consultation) && r.Kind != RecordKind.Answered && r.Kind != RecordKind.Filed && !(r.Kind == RecordKind.Shown && r.PatientPseudonym != null)));
        }

        return [.. lines.OrderBy(line => line.Value.At).ThenBy(line => line.Key).Select(line => line.Value)];
    }

    private static JournalRecord Traced(ClaimsPrincipal user, string purpose, int key, byte[] pseudonym, DateTimeOffset now)
    {
        string Claim(string type) => user.FindFirst(type)?.Value ?? "";
        var id = Guid.CreateVersion7(now);
        return new JournalRecord
        {
            Id = id, Consultation = id, Kind = RecordKind.Traced, At = now, Subject = Claim(CdrClaims.Subject), Session = Claim(CdrClaims.Session), Role = Claim(CdrClaims.Role),
            Establishment = Claim(CdrClaims.Finess), Group = Claim(CdrClaims.Group), Department = Claim(CdrClaims.Department), Unit = Claim(CdrClaims.Unit), Function = Claim(CdrClaims.Function),
            Reason = purpose, CareDate = DateOnly.FromDateTime(now.UtcDateTime), Regime = "", Regimes = "", PseudonymKey = key, Pseudonym = pseudonym, Request = [], RulesVersion = "",
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? "",
        };
    }
}
