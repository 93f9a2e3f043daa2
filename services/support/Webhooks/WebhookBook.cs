using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Store;
using Cdr.Support.Tickets;

namespace Cdr.Support.Webhooks;

/// <summary>Addresses and secrets of webhooks, sealed for theirs; and whose they are.</summary>
internal sealed class WebhookBook([FromKeyedServices(SupportModule.StoreName)] Sealer sealer)
{
    private const string Url = "webhook-url";
    private const string Secret = "webhook-secret";

    /// <summary>Null: that role has none.</summary>
    public static string? OwnerOf(Actor actor) => actor.Role switch
    {
        CdrRoles.RegimeAgent => actor.Inbox,
        CdrRoles.GroupManager => "group:" + actor.Group,
        _ => null,
    };

    /// <summary>Who hears of an entry: the caisse that has the ticket and its regime, of what was done since it has it, and the group whose it is; each of what its people may read.</summary>
    public static IReadOnlyList<string> Hearers(TicketRow ticket, TicketAction action, EntryReaders readers, bool isTransferred) =>
    [
        .. isTransferred && ticket is { OrganismRegime: { } regime, Organism: { } organism } && readers is EntryReaders.All or EntryReaders.Organism ? [Actor.RegimeRecipient(regime), Actor.OrganismRecipient(regime, organism)] : Array.Empty<string>(),
        .. ticket.Group.Length > 0 && TicketMachine.IsKnownInside(action, readers) ? ["group:" + ticket.Group] : Array.Empty<string>(),
    ];

    public WebhookRow Make(Guid id, string owner, Uri url, Actor actor, DateTimeOffset now, out byte[] secret)
    {
        secret = RandomNumberGenerator.GetBytes(32);
        return new WebhookRow { Id = id, Owner = owner, Url = sealer.Seal(Url, Bound(id), Encoding.UTF8.GetBytes(url.AbsoluteUri)), Secret = sealer.Seal(Secret, Bound(id), secret), CreatedBy = actor.Subject, CreatedAt = now };
    }

    /// <summary>False where the key is gone: it can be removed, and made again.</summary>
    public bool TryOpen(WebhookRow row, [NotNullWhen(true)] out string? url, out byte[] secret)
    {
        url = sealer.TryOpen(Url, Bound(row.Id), row.Url, out var plain) ? Encoding.UTF8.GetString(plain) : null;
        return sealer.TryOpen(Secret, Bound(row.Id), row.Secret, out secret) && url is not null;
    }

    /// <summary>Without its address where that does not open: whoever looks can remove it.</summary>
    public Webhook Show(WebhookRow row) => new(row.Id, TryOpen(row, out var url, out _) ? url : "", row.CreatedAt, row.FailingSince, row.DisabledAt);

    public static WebhookDelivery Show(DeliveryRow row) => new(row.Id, row.Ticket, row.Number, row.Event, row.At, row.State, row.Attempts, row.Status, row.Fault, row.DueAt);

    private static byte[] Bound(Guid id) => id.ToByteArray(bigEndian: true);
}
