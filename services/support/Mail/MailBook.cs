using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Clocks;
using Cdr.Support.Escalation;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Mail;

/// <summary>Addresses: sealed for whom they are, opened when something leaves. A team's and an organism's are settings and name nobody.</summary>
internal sealed class MailBook([FromKeyedServices(SupportModule.StoreName)] Sealer sealer, [FromKeyedServices(SupportModule.StoreName)] Pseudonyms keyed, Organisms organisms, IOptions<MailOptions> options)
{
    public const string OrganismPrefix = "organism:";
    private const string Address = "mail-address";
    private const string Code = "mail-code";
    private const string Leaving = "mail-unsubscription";
    private const int Mac = 16;

    public byte[] Seal(string subject, string address) => sealer.Seal(Address, Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(address));

    public string? Open(string subject, byte[]? box) => box is not null && sealer.TryOpen(Address, Encoding.UTF8.GetBytes(subject), box, out var plain) ? Encoding.UTF8.GetString(plain) : null;

    public byte[] SealCode(string subject, string code) => sealer.Seal(Code, Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(code));

    public string? OpenCode(string subject, byte[]? box) => box is not null && sealer.TryOpen(Code, Encoding.UTF8.GetBytes(subject), box, out var plain) ? Encoding.UTF8.GetString(plain) : null;

    /// <summary>As a bell's recipient is mailed: a caisse at its own address, which is the only one; the bell of its regime beside it is no second one.</summary>
    public static string? RecipientOf(string bell) =>
        !bell.StartsWith(Actor.RegimeRecipient(""), StringComparison.Ordinal) ? bell : bell.Split('/') is [_, var organism] ? OrganismPrefix + organism : null;

    /// <summary>An establishment's bells stand for its people: who of them reads e-mail, but for whoever did it.</summary>
    public static async Task<IReadOnlyList<string>> PeopleAsync(SupportDb db, string recipient, string? by, CancellationToken cancellationToken)
    {
        var (prefix, role) = recipient.StartsWith(Actor.EstablishmentRecipient(""), StringComparison.Ordinal) ? (Actor.EstablishmentRecipient(""), CdrRoles.Referent)
            : recipient.StartsWith(Actor.ClerksRecipient(""), StringComparison.Ordinal) ? (Actor.ClerksRecipient(""), CdrRoles.Clerk)
            : ("", "");
        if (role.Length == 0)
            return [recipient];
        var establishment = recipient[prefix.Length..];
        return await db.MailAddresses.Where(row => row.Establishment == establishment && row.Role == role && row.Address != null && row.Subject != by).OrderBy(row => row.Subject).Select(row => row.Subject).ToListAsync(cancellationToken);
    }

    /// <summary>When it is owed; null where the recipient reads nowhere, or wants none of these.</summary>
    public async Task<(DateTimeOffset At, bool Digest)?> WhenAsync(SupportDb db, string recipient, string what, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (recipient == Actor.HotlineRecipient || recipient.StartsWith(OrganismPrefix, StringComparison.Ordinal))
            return await TeamAsync(db, recipient, cancellationToken) is null ? null : (now, false);
        return await db.MailAddresses.AsNoTracking().FirstOrDefaultAsync(row => row.Subject == recipient, cancellationToken) is { } row && row.Until > now ? When(row, what, now) : null;
    }

    /// <summary>When somebody is owed it who reads; null where they have no address, or want none of these.</summary>
    public static (DateTimeOffset At, bool Digest)? When(MailAddressRow row, string what, DateTimeOffset from) => row.Address is null ? null : Wanted(row, what) switch
    {
        MailWhen.AtOnce => (from, false),
        MailWhen.Digest => (NextDigest(row, from), true),
        _ => null,
    };

    /// <summary>Where they read now; null where they stopped, or want none of these any more.</summary>
    public async Task<MailReader?> WhereAsync(SupportDb db, MailRow mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await TeamAsync(db, mail.Recipient, cancellationToken) is { } team)
            return new MailReader(team, null, false);
        if (await db.MailAddresses.AsNoTracking().FirstOrDefaultAsync(one => one.Subject == mail.Recipient, cancellationToken) is not { } row)
            return null;
        // They began or watch it where they are no more: it is not theirs to read, nor to answer.
        if (mail.Ticket is { } ticket && row.Answers is { } reader && !await db.Tickets.Where(reader.Sees).AnyAsync(one => one.Id == ticket, cancellationToken))
            return null;
        var address = mail.Event == MailRow.CodeEvent ? Open(row.Subject, row.Unconfirmed) : row.Until <= now || Wanted(row, mail.Event) == MailWhen.Never ? null : Open(row.Subject, row.Address);
        return address is null ? null : new MailReader(address, row.Id, row.Answers is not null && await FollowsAsync(db, mail, cancellationToken));
    }

    public static MailWhen Wanted(MailAddressRow row, string what) => KindOf(what) switch
    {
        _ when what.StartsWith(MailRow.RefusedEvents, StringComparison.Ordinal) => MailWhen.AtOnce,
        MailKind.Words => row.Words,
        MailKind.Clocks => row.Clocks,
        MailKind.News => row.News,
        _ => row.Progress,
    };

    /// <summary>The next hour that they chose, on a day on which their place works; what is owed in that very minute goes with the next one.</summary>
    public static DateTimeOffset NextDigest(MailAddressRow row, DateTimeOffset now)
    {
        var hours = BusinessHours.Of(row.Place, $"1-5 {row.DigestHour:00}:00-{row.DigestHour:00}:01");
        return hours.NextOpening(hours.IsOpen(now) ? now.AddMinutes(1) : now);
    }

    /// <summary>What a message lets its reader do with one click: it names a row and proves that we sent it.</summary>
    public string LeavingToken(Guid row) => Convert.ToHexStringLower([.. row.ToByteArray(bigEndian: true), .. keyed.Of(Leaving, row.ToString()).AsSpan(0, Mac)]);

    /// <summary>Null: not one of ours.</summary>
    public Guid? ReadLeavingToken(string token)
    {
        if (token.Length != 2 * (16 + Mac) || !token.All(char.IsAsciiHexDigit))
            return null;
        var bytes = Convert.FromHexString(token);
        var row = new Guid(bytes.AsSpan(0, 16), bigEndian: true);
        return keyed.AllOf(Leaving, row.ToString()).Any(one => CryptographicOperations.FixedTimeEquals(one.Pseudonym.AsSpan(0, Mac), bytes.AsSpan(16))) ? row : null;
    }

    // An establishment's bell is for whoever is at its desk; who answers from a mailbox is somebody whose ticket it is.
    private static async Task<bool> FollowsAsync(SupportDb db, MailRow mail, CancellationToken cancellationToken) =>
        mail.Ticket is { } ticket && (await db.Tickets.AnyAsync(row => row.Id == ticket && row.Author == mail.Recipient, cancellationToken) || await db.Watchers.AnyAsync(row => row.Ticket == ticket && row.Subject == mail.Recipient, cancellationToken));

    private async Task<string?> TeamAsync(SupportDb db, string recipient, CancellationToken cancellationToken)
    {
        if (recipient == Actor.HotlineRecipient)
            return string.IsNullOrEmpty(options.Value.HotlineAddress) ? null : options.Value.HotlineAddress;
        if (!recipient.StartsWith(OrganismPrefix, StringComparison.Ordinal))
            return null;
        var (key, table) = (recipient[OrganismPrefix.Length..], await Organisms.TableAsync(db, organisms.Today, cancellationToken));
        return await db.Organisms.Where(row => row.Table == table && row.Key == key).Select(row => row.Mail).FirstOrDefaultAsync(cancellationToken);
    }

    private static MailKind KindOf(string what) => what switch
    {
        "reply" or "ask" or "answer" or "giveBack" or "withdraw" or "note" => MailKind.Words,
        "clockWarning" or "clockMissed" => MailKind.Clocks,
        "news" or "downtime" or "guide" => MailKind.News,
        _ => MailKind.Progress,
    };

    private enum MailKind
    {
        Words,
        Progress,
        Clocks,
        News,
    }
}

/// <param name="Address">Where.</param>
/// <param name="Leaving">Row of who may stop it; null of a team.</param>
/// <param name="MayAnswer">Whether what they answer is theirs to say.</param>
internal sealed record MailReader(string Address, Guid? Leaving, bool MayAnswer)
{
    public override string ToString() => nameof(MailReader);
}
