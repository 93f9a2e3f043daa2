using System.Globalization;
using System.Security.Claims;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Evidence;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadEvidence;

/// <summary>GET /api/support/tickets/{id}/evidence: the contested answer, byte for byte, or a clear word that somebody changed it.</summary>
internal static partial class ReadEvidence
{
    public static void MapReadEvidence(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/tickets/{id:guid}/evidence", FirstAsync).RequireAuthorization(SupportPolicies.Move).WithName("readEvidence")
            .WithSummary("The contested answer as it was, with its hashes as headers.").Produces<ConsultationAnswer>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(410).ProducesProblem(500).ProducesProblem(503);
        routes.MapGet("/api/support/tickets/{id:guid}/evidence/{answer:guid}", HandleAsync).RequireAuthorization(SupportPolicies.Move).WithName("readAnswer")
            .WithSummary("One of its answers, the contested or a later one, likewise.").Produces<ConsultationAnswer>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(410).ProducesProblem(500).ProducesProblem(503);
    }

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> FirstAsync(
        Guid id, ClaimsPrincipal user, HttpContext http, SupportDb db, EvidenceKeeping keeping, EvidenceReadings readings, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken) =>
        HandleAsync(id, null, user, http, db, keeping, readings, clock, logs, cancellationToken);

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id, Guid? answer, ClaimsPrincipal user, HttpContext http, SupportDb db, EvidenceKeeping keeping, EvidenceReadings readings, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        // A technical one shows no rights, whatever it was before.
        if (!await db.Tickets.Where(actor.Sees).AnyAsync(row => row.Id == id && row.Kind == TicketKind.DataInconsistency, cancellationToken))
            return TicketProblems.Unknown();
        if (await db.Evidence.AsNoTracking().Where(row => row.Ticket == id && (answer == null || row.Id == answer)).OrderBy(row => row.Id).FirstOrDefaultAsync(cancellationToken) is not { } row)
            return await db.Erased.AnyAsync(one => one.Kind == ErasedKind.Answer && db.Erasures.Any(erasure => erasure.Id == one.Erasure && erasure.Ticket == id), cancellationToken) ? Expired() : TicketProblems.Unknown();
        if (!keeping.TryOpen(row, out var bytes))
        {
            Log.Damaged(logs.CreateLogger(typeof(ReadEvidence).FullName!), id, row.Id);
            return Problems.Problem(StatusCodes.Status500InternalServerError, "evidence-damaged", "La preuve n'est pas celle qui a été figée.", "Prévenez l'exploitation : la réponse d'origine est au journal des consultations.");
        }

        // Noted in the journal and here before it is shown: where it then is not, somebody is named who saw nothing.
        if (await readings.NoteAsync(row.Consultation, user, cancellationToken) is { } unnoted)
            return unnoted;
        var now = clock.GetUtcNow();
        db.EvidenceReads.Add(new EvidenceReadRow { Id = Guid.CreateVersion7(now), Ticket = id, Evidence = row.Id, Subject = actor.Subject, Role = actor.Role, At = now });
        await db.SaveChangesAsync(cancellationToken);
        http.Response.Headers["Cdr-Consultation"] = row.Consultation.ToString();
        http.Response.Headers["Cdr-Answered-At"] = row.AnsweredAt.ToString("O", CultureInfo.InvariantCulture);
        http.Response.Headers["Cdr-Rules-Version"] = row.RulesVersion;
        http.Response.Headers["Cdr-Answer-Hash"] = Convert.ToHexStringLower(row.Hash);
        http.Response.Headers["Cdr-Journal-Hash"] = Convert.ToHexStringLower(row.JournalHash);
        return TypedResults.Bytes(bytes, "application/json; charset=utf-8");
    }

    private static ProblemHttpResult Expired() =>
        Problems.Problem(StatusCodes.Status410Gone, "evidence-expired", "La réponse contestée a dépassé sa durée de conservation.", "Consultez à nouveau les droits, si la question se pose encore.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The evidence {Evidence} of ticket {Ticket} is not what was frozen.")]
        public static partial void Damaged(ILogger logger, Guid ticket, Guid evidence);
    }
}
