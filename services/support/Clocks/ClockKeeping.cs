using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Clocks;

/// <summary>Writes a ticket's clocks as its trail makes them. Nothing of what was written before is needed for it but how often each rang.</summary>
internal static class ClockKeeping
{
    public static TicketClocks Make(IEnumerable<TrailEntry> trail, IReadOnlyList<ClockRules> rules, DateTimeOffset now) => TicketClocks.Of(ClockTrail.Read(trail), rules).Until(now, rules);

    /// <summary>Into the context that also holds the entry they follow from: one transaction.</summary>
    public static async Task WriteAsync(SupportDb db, TicketRow ticket, TicketClocks made, CancellationToken cancellationToken)
    {
        var rows = await db.Clocks.Where(row => row.Ticket == ticket.Id).ToDictionaryAsync(row => row.Place, cancellationToken);
        foreach (var (place, clock) in made.Clocks.Index())
        {
            if (!rows.TryGetValue(place, out var row))
            {
                row = new ClockRow
                {
                    Ticket = ticket.Id, Place = place, Kind = clock.Kind, Owner = clock.Owner, UsedMilliseconds = 0, TargetMilliseconds = 0,
                    RunningSince = null, WarnAt = null, DueAt = null, MetAt = null, MissedAt = null,
                };
                db.Clocks.Add(row);
            }

            row.UsedMilliseconds = (long)clock.Used.TotalMilliseconds;
            row.TargetMilliseconds = (long)clock.Target.TotalMilliseconds;
            row.RunningSince = clock.RunningSince;
            (row.WarnAt, row.DueAt, row.MetAt, row.MissedAt) = (clock.WarnAt, clock.DueAt, clock.MetAt, clock.MissedAt);
            // More time than before: it may warn again.
            if (row.Rang == 1 && row.WarnAt > made.At)
                row.Rang = 0;
            // Missed, and paused or met before anybody looked: it is told all the same.
            row.NextAt = row.Rang < 2 && row.MissedAt is { } missed ? missed : row.Rang switch { 0 => row.WarnAt, 1 => row.DueAt, _ => null };
        }

        ticket.WaitsFor = made.WaitsFor;
        ticket.DueAt = made.Clocks.Min(clock => clock.OwedAt);
    }
}
