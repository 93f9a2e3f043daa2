using System.Security.Claims;
using System.Text;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Attachments;
using Cdr.Support.Evidence;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.AttachFile;

/// <summary>Pictures and PDF of a ticket: inspected, scanned, sealed for their ticket; given back as what they are and never run.</summary>
internal static class AttachFile
{
    /// <summary>A header, percent-encoded: a name may hold a patient's, and addresses are written down.</summary>
    public const string NameHeader = "Cdr-File-Name";

    /// <summary>Optional: a UUIDv7 of the caller's choice; sent again after a silence, the file is added once.</summary>
    public const string IdHeader = "Cdr-File-Id";

    private const string Content = AttachmentKeeping.Content;
    private const string Name = AttachmentKeeping.Name;

    public static void MapAttachFile(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/support/tickets/{id:guid}/attachments", AttachAsync).RequireAuthorization(SupportPolicies.Move).WithName("attachFile")
            .WithSummary("Adds a PNG, a JPEG or a PDF of 5 MB at most; its name is in Cdr-File-Name, percent-encoded.")
            .Accepts<byte[]>("application/octet-stream").WithMetadata(new RequestSizeLimitAttribute(AttachmentInspection.MostBytes + 1024))
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(503);
        routes.MapGet("/api/support/tickets/{id:guid}/attachments", ListAsync).RequireAuthorization(SupportPolicies.Move).WithName("listAttachments").WithSummary("Its files.").ProducesProblem(403).ProducesProblem(404);
        routes.MapGet("/api/support/tickets/{id:guid}/attachments/{attachment:guid}", ReadAsync).RequireAuthorization(SupportPolicies.Move).WithName("readAttachment")
            .WithSummary("One of them, to be saved.").ProducesProblem(403).ProducesProblem(404).ProducesProblem(500).ProducesProblem(503);
    }

    internal static async Task<Results<Ok<Attachment>, ProblemHttpResult>> AttachAsync(
        Guid id, HttpRequest request, ClaimsPrincipal user, SupportDb db, AttachmentKeeping files, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (!await db.Tickets.Where(actor.Sees).AnyAsync(row => row.Id == id, cancellationToken))
            return TicketProblems.Unknown();
        if (request.ContentLength > AttachmentInspection.MostBytes)
            return TooLarge();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        switch (await files.InspectAsync(Uri.UnescapeDataString(request.Headers[NameHeader].ToString()), body.ToArray(), cancellationToken))
        {
            case InspectedFile.Refused { Code: ClamdMalwareScan.Found } refused:
                return Problems.Invalid("file", refused.Code, refused.Message, "Prévenez votre service informatique.");
            case InspectedFile.Refused { Code: ClamdMalwareScan.Silent } refused:
                return Problems.Problem(StatusCodes.Status503ServiceUnavailable, refused.Code, refused.Message, "Réessayez dans quelques instants.");
            case InspectedFile.Refused refused:
                return Problems.Invalid("file", refused.Code, refused.Message);
            case InspectedFile.Accepted file:
                var wanted = Guid.CreateVersion7(clock.GetUtcNow());
                if (request.Headers[IdHeader].ToString() is { Length: > 0 } chosen && !Guid.TryParse(chosen, out wanted))
                    return ChosenId.NotV7();
                return await files.KeepAsync(id, file, wanted, actor, cancellationToken);
            default:
                throw new InvalidOperationException("A file is accepted or refused.");
        }
    }

    internal static async Task<Results<Ok<List<Attachment>>, ProblemHttpResult>> ListAsync(
        Guid id, ClaimsPrincipal user, HttpContext http, SupportDb db, [FromKeyedServices(SupportModule.StoreName)] Sealer sealer, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (!await db.Tickets.Where(actor.Sees).AnyAsync(row => row.Id == id, cancellationToken))
            return TicketProblems.Unknown();
        var rows = await db.Attachments.Where(row => row.Ticket == id).OrderBy(row => row.Id).Select(row => new { row.Id, row.Name, row.Type, row.Size, row.At, row.Role }).ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(row => new Attachment(
            row.Id, sealer.TryOpen(Name, Bound(id, row.Id), row.Name, out var name) ? Encoding.UTF8.GetString(name) : "", row.Type, row.Size, row.At, row.Role)));
    }

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadAsync(
        Guid id, Guid attachment, ClaimsPrincipal user, HttpContext http, SupportDb db, [FromKeyedServices(SupportModule.StoreName)] Sealer sealer, EvidenceReadings readings, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (!await db.Tickets.Where(actor.Sees).AnyAsync(row => row.Id == id, cancellationToken)
            || await db.Attachments.AsNoTracking().FirstOrDefaultAsync(row => row.Ticket == id && row.Id == attachment, cancellationToken) is not { } row)
            return TicketProblems.Unknown();
        if (!sealer.TryOpen(Content, Bound(id, row.Id), row.Content, out var bytes) || !sealer.TryOpen(Name, Bound(id, row.Id), row.Name, out var name))
            return Problems.Problem(StatusCodes.Status500InternalServerError, "attachment-damaged", "Ce fichier n'est pas celui qui a été joint.", "Prévenez l'exploitation.");
        // A file shows whom its ticket's answer shows. Only what the journal has proven: a technical ticket names whatever consultation its author typed.
        if (await db.Evidence.Where(one => one.Ticket == id).OrderBy(one => one.Id).Select(one => (Guid?)one.Consultation).FirstOrDefaultAsync(cancellationToken) is { } consultation
            && await readings.NoteAsync(consultation, user, cancellationToken) is { } unnoted)
            return unnoted;
        var now = clock.GetUtcNow();
        db.EvidenceReads.Add(new EvidenceReadRow { Id = Guid.CreateVersion7(now), Ticket = id, Evidence = row.Id, Subject = actor.Subject, Role = actor.Role, At = now });
        await db.SaveChangesAsync(cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.File(bytes, row.Type, Encoding.UTF8.GetString(name));
    }

    private static ProblemHttpResult TooLarge() => Problems.Invalid("file", "file-too-large", "Le fichier dépasse 5 Mo.");

    private static byte[] Bound(Guid ticket, Guid attachment) => AttachmentKeeping.Bound(ticket, attachment);
}
