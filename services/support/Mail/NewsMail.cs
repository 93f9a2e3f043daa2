using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Mail;

/// <summary>What an announcement is worth when its e-mail leaves: between the two it may have been withdrawn, ended or moved.</summary>
internal abstract record NewsMail
{
    /// <summary>It is told now.</summary>
    public sealed record Now(string Title) : NewsMail;

    /// <summary>It begins later, and nobody is shown it before.</summary>
    public sealed record NotYet(DateTimeOffset From) : NewsMail;

    /// <summary>It concerns nobody any more.</summary>
    public sealed record Over : NewsMail;

    /// <summary>From when it is shown: an interruption before it begins, the others when they do.</summary>
    public static DateTimeOffset ShownFrom(AnnouncementKind kind, DateTimeOffset from, DateTimeOffset now) => kind == AnnouncementKind.Downtime || from < now ? now : from;

    /// <summary>Null: the message is of a ticket.</summary>
    public static async Task<NewsMail?> OfAsync(SupportDb db, MailRow mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (mail.Announcement is not { } id)
            return null;
        return await db.Announcements.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { Withdrawn: false } said || said.To <= now ? new Over()
            : ShownFrom(said.Kind, said.From, now) is var from && from > now ? new NotYet(from)
            : new Now(said.Title);
    }
}
