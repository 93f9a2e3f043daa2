using Cdr.Contracts.Support;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.TellIncident;

/// <summary>Rings once for each who follows a ticket of a resolved incident, however many of them they follow and however often it is told.</summary>
internal sealed class TellIncident(IDbContextFactory<SupportDb> contexts, TimeProvider clock) : IConsumer<IncidentResolved>
{
    /// <summary>As a bell names it.</summary>
    public const string Event = "incidentResolved";

    public async Task Consume(ConsumeContext<IncidentResolved> context)
    {
        var (resolved, cancellationToken) = (context.Message, context.CancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var tickets = await (from one in db.IncidentTickets join ticket in db.Tickets on one.Ticket equals ticket.Id where one.Incident == resolved.Incident orderby ticket.Id select new { ticket.Id, ticket.Number, ticket.Author })
            .ToListAsync(cancellationToken);
        var ids = tickets.ConvertAll(ticket => ticket.Id);
        var watchers = await db.Watchers.Where(row => ids.Contains(row.Ticket)).ToListAsync(cancellationToken);
        // Who resolved it knows.
        var by = await db.IncidentNotes.Where(row => row.Incident == resolved.Incident && row.State == IncidentState.Resolved).OrderByDescending(row => row.Number).Select(row => row.By).FirstOrDefaultAsync(cancellationToken);
        var told = await db.Notices.Where(row => row.Message == resolved.Id).Select(row => row.Recipient).ToListAsync(cancellationToken);
        told.Add(by ?? "");
        foreach (var ticket in tickets)
        {
            foreach (var recipient in watchers.Where(row => row.Ticket == ticket.Id).Select(row => row.Subject).Prepend(ticket.Author).Except(told).ToList())
            {
                told.Add(recipient);
                db.Notices.Add(new NoticeRow
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()), Message = resolved.Id, Recipient = recipient, Ticket = ticket.Id, Number = ticket.Number, Event = Event, At = resolved.At,
                });
            }
        }

        // Told at the same moment to another replica: the unique key refuses the second, which is retried and finds the first.
        await db.SaveChangesAsync(cancellationToken);
    }
}

internal sealed class TellIncidentDefinition : ConsumerDefinition<TellIncident>
{
    public TellIncidentDefinition() => EndpointName = "support-tell-incident";
}
