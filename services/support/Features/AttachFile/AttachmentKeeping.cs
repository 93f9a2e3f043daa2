using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Attachments;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.AttachFile;

/// <summary>A file of a ticket, from wherever it comes: inspected, scanned, sealed for its ticket.</summary>
internal sealed class AttachmentKeeping(IDbContextFactory<SupportDb> contexts, TicketWriting writing, IMalwareScan scan, [FromKeyedServices(SupportModule.StoreName)] Sealer sealer, TimeProvider clock)
{
    public const string Content = "ticket-attachment";
    public const string Name = "ticket-attachment-name";

    public async Task<InspectedFile> InspectAsync(string? name, byte[] sent, CancellationToken cancellationToken) => AttachmentInspection.Inspect(name, sent) switch
    {
        InspectedFile.Accepted accepted => await scan.FindAsync(sent, cancellationToken) switch
        {
            null => accepted,
            ClamdMalwareScan.Found => new InspectedFile.Refused(ClamdMalwareScan.Found, "Ce fichier contient un logiciel malveillant\u00a0: il n'est pas gardé."),
            _ => new InspectedFile.Refused(ClamdMalwareScan.Silent, "Le fichier ne peut pas être contrôlé en ce moment."),
        },
        var refused => refused,
    };

    /// <summary>Adds it, under its id once.</summary>
    public async Task<Results<Ok<Attachment>, ProblemHttpResult>> KeepAsync(Guid ticket, InspectedFile.Accepted file, Guid id, Actor actor, CancellationToken cancellationToken, string? by = null)
    {
        var now = clock.GetUtcNow();
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await db.Attachments.AsNoTracking().Where(kept => kept.Id == id).Select(kept => new { kept.Ticket, kept.Hash, kept.Size, kept.Type, kept.At, kept.Role }).FirstOrDefaultAsync(cancellationToken) is { } before)
                return before.Ticket == ticket && before.Role == actor.Role && before.Hash.AsSpan().SequenceEqual(SHA256.HashData(file.Bytes))
                    ? TypedResults.Ok(new Attachment(id, file.Name, before.Type, before.Size, before.At, before.Role))
                    : TicketProblems.FileIdTaken();
        }

        var row = new AttachmentRow
        {
            Id = id, Ticket = ticket, At = now, Type = file.Type, Size = file.Bytes.Length, Hash = SHA256.HashData(file.Bytes), Role = actor.Role,
            Name = sealer.Seal(Name, Bound(ticket, id), Encoding.UTF8.GetBytes(file.Name)), Content = sealer.Seal(Content, Bound(ticket, id), file.Bytes),
        };
        return await writing.MoveAsync(ticket, new TicketMove { Action = TicketAction.Attach }, actor, cancellationToken, row, by: by) is { } said
            ? said
            : TypedResults.Ok(new Attachment(id, file.Name, file.Type, row.Size, now, actor.Role));
    }

    public static byte[] Bound(Guid ticket, Guid attachment) => [.. ticket.ToByteArray(bigEndian: true), .. attachment.ToByteArray(bigEndian: true)];
}
