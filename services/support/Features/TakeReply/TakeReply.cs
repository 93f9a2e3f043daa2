using System.Security.Cryptography;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Attachments;
using Cdr.Support.Features.AttachFile;
using Cdr.Support.Mail;
using Cdr.Support.Mail.Inbox;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.TakeReply;

/// <summary>
/// An answer to a message becomes a public reply of its ticket, by whom that message was sent to. What it is recognised by is written before
/// anything is done, and with it the id of the reply: begun again after a crash, nothing is done twice.
/// </summary>
internal sealed class TakeReply(
    IDbContextFactory<SupportDb> contexts, MailBook book, ReplyAddress addresses, TicketWriting writing, AttachmentKeeping files, MailBell bell, [FromKeyedServices(SupportModule.StoreName)] Pseudonyms keyed, IOptions<InboxOptions> options, TimeProvider clock)
{
    /// <value>Detail of an entry: how it came.</value>
    public const string ByMail = "mail";

    private const string Purpose = "mail-received";
    private const int MostRefusals = 5;
    private static readonly TimeSpan TokenLives = TimeSpan.FromDays(60);

    public async Task<(InboxVerdict Verdict, string Outcome)> TakeAsync(byte[]? raw, CancellationToken cancellationToken)
    {
        if (raw is null)
            return (InboxVerdict.Aside, "too-large");
        switch (IncomingMailReading.Read(raw, options.Value.Address!))
        {
            case IncomingMail.Automatic:
                return (InboxVerdict.Over, "automatic");
            case IncomingMail.Reply reply:
                return await AnsweredAsync(reply, cancellationToken);
            case IncomingMail.Strange strange:
                return (InboxVerdict.Aside, strange.Reason);
            default:
                return (InboxVerdict.Aside, "malformed");
        }
    }

    private async Task<(InboxVerdict Verdict, string Outcome)> AnsweredAsync(IncomingMail.Reply reply, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (addresses.Read(reply.Token) is not { } id || await db.Mails.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { Ticket: { } ticket } mail || mail.At + TokenLives < now)
            return (InboxVerdict.Aside, "no-token");
        if (await db.MailAddresses.AsNoTracking().FirstOrDefaultAsync(row => row.Subject == mail.Recipient, cancellationToken) is not { } owner
            || owner.Until <= now || book.Open(owner.Subject, owner.Address) is not { } address || owner.Answers is not { } actor)
            return (InboxVerdict.Aside, "nobody");
        var received = await ReceivedAsync(db, $"{id} {reply.Key}", now, cancellationToken);
        if (received.IsOver)
            return (InboxVerdict.Over, "again");
        var refusal = !string.Equals(address, reply.From, StringComparison.OrdinalIgnoreCase) ? "mailRefusedNotYours" : await ReplyAsync(received.Entry, ticket, reply, actor, cancellationToken);
        if (refusal is not null)
            await RefuseAsync(db, received.Entry, mail, refusal, now, cancellationToken);
        received.IsOver = true;
        await db.SaveChangesAsync(cancellationToken);
        bell.Ring();
        return (InboxVerdict.Over, refusal is null ? "replied" : "refused");
    }

    // Null: it is in the ticket.
    private async Task<string?> ReplyAsync(Guid entry, Guid ticket, IncomingMail.Reply reply, Actor actor, CancellationToken cancellationToken)
    {
        List<InspectedFile.Accepted> kept = [];
        var left = reply.Left;
        foreach (var file in reply.Files)
        {
            switch (await files.InspectAsync(file.Name, file.Bytes, cancellationToken))
            {
                case InspectedFile.Accepted accepted:
                    kept.Add(accepted);
                    break;
                case InspectedFile.Refused { Code: ClamdMalwareScan.Silent }:
                    throw new IOException("The scanner is silent.");
                default:
                    left++;
                    break;
            }
        }

        if (reply.Text.Length == 0 && kept.Count == 0)
            return "mailRefusedEmpty";
        // Files alone are an answer too: what waited for them goes on.
        var said = reply.Text.Length > 0 ? reply.Text : $"[{kept.Count} {(kept.Count == 1 ? "fichier joint" : "fichiers joints")}]";
        var words = said + (left == 0 ? "" : $"\n\n[{left} {(left == 1 ? "fichier n'a pas été gardé" : "fichiers n'ont pas été gardés")}\u00a0: images PNG ou JPEG et PDF seuls, 5 Mo au plus.]");
        if (words.Length > TicketProblems.MostWords)
            return "mailRefusedTooLong";
        if (await writing.MoveAsync(ticket, new TicketMove { Action = TicketAction.Reply, Text = words, Id = entry }, actor, cancellationToken, by: ByMail) is { } refused)
            return IsForLater(refused) ? throw new IOException("Not now.") : "mailRefusedNotNow";
        var full = 0;
        for (var one = 0; one < kept.Count; one++)
        {
            if (await files.KeepAsync(ticket, kept[one], FileId(entry, one), actor, cancellationToken, ByMail) is not { Result: ProblemHttpResult problem })
                continue;
            if (IsForLater(problem))
                throw new IOException("Not now.");
            full++;
        }

        // The words are there: who is told that nothing was added would write them again.
        if (full > 0)
            await writing.MoveAsync(ticket, new TicketMove { Action = TicketAction.Reply, Text = $"[{full} {(full == 1 ? "fichier n'a pas pu être ajouté" : "fichiers n'ont pas pu être ajoutés")}\u00a0: la demande n'en prend pas plus.]", Id = FileId(entry, -1) }, actor, cancellationToken, by: ByMail);
        return null;
    }

    // The store, the scanner, or somebody who changed it each time it was tried.
    private static bool IsForLater(ProblemHttpResult refused) => refused.StatusCode == StatusCodes.Status503ServiceUnavailable || refused.ProblemDetails.Extensions.TryGetValue("code", out var code) && code is "ticket-changed";

    // To whom the token was given, never to who wrote: nobody else is made to receive anything.
    private static async Task RefuseAsync(SupportDb db, Guid entry, MailRow mail, string refusal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now.AddDays(-1);
        if (await db.Mails.AnyAsync(row => row.Message == entry && row.Recipient == mail.Recipient, cancellationToken)
            || await db.Mails.CountAsync(row => row.Recipient == mail.Recipient && row.Event.StartsWith(MailRow.RefusedEvents) && row.At > since, cancellationToken) >= MostRefusals)
            return;
        db.Mails.Add(new MailRow { Id = Guid.CreateVersion7(now), Message = entry, Recipient = mail.Recipient, Ticket = mail.Ticket, Number = mail.Number, Event = refusal, At = now, DueAt = now });
    }

    private async Task<ReceivedMailRow> ReceivedAsync(SupportDb db, string what, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (_, key) in keyed.AllOf(Purpose, what))
        {
            if (await db.ReceivedMails.FirstOrDefaultAsync(row => row.Key == key, cancellationToken) is { } known)
                return known;
        }

        var row = new ReceivedMailRow { Key = keyed.Of(Purpose, what), Entry = Guid.CreateVersion7(now), At = now };
        db.ReceivedMails.Add(row);
        // Of two replicas one is refused its key, and finds the other's row when it looks again.
        await db.SaveChangesAsync(cancellationToken);
        return row;
    }

    // The same each time: a UUIDv7 of the reply's instant.
    private static Guid FileId(Guid entry, int number)
    {
        var bytes = entry.ToByteArray(bigEndian: true);
        SHA256.HashData([.. bytes, (byte)number]).AsSpan(0, 8).CopyTo(bytes.AsSpan(8));
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
