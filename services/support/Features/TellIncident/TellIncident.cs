using Cdr.Contracts.Support;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.TellIncident;

/// <summary>Rings once for each who follows a ticket of a resolved incident, however many of them they follow and however often it is told.</summary>
internal sealed class TellIncident(IDbContextFactory<SupportDb> contexts, TimeProvider clock) : IConsumer<IncidentResolved>
{
    public async Task Consume(ConsumeContext<IncidentResolved> context)
    {
        var (resolved, cancellationToken) = (context.Message, context.CancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var told = await db.Notices.Where(row => row.Message == resolved.Id).Select(row => row.Recipient).ToListAsync(cancellationToken);
        foreach (var one in (await Concerned.ByAsync(db, resolved, cancellationToken)).Where(one => !told.Contains(one.Recipient)))
        {
            db.Notices.Add(new NoticeRow
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()), Message = resolved.Id, Recipient = one.Recipient, Ticket = one.Ticket, Number = one.Number, Event = Concerned.IncidentResolved, At = resolved.At,
            });
        }

        // Told at the same moment to another replica: the unique key refuses the second, which is retried and finds the first.
        await db.SaveChangesAsync(cancellationToken);
    }
}

internal sealed class TellIncidentDefinition : ConsumerDefinition<TellIncident>
{
    public TellIncidentDefinition() => EndpointName = "support-tell-incident";
}
