using Cdr.Contracts.Support;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Incidents;

/// <summary>What many establishments report at once. Plain: it names nobody.</summary>
internal sealed class IncidentRow
{
    public required Guid Id { get; init; }

    public required string Title { get; init; }

    /// <value>Null: the whole service.</value>
    public string? Regime { get; init; }

    public required IncidentState State { get; set; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <value>Number of the last note.</value>
    public required int Notes { get; set; }

    /// <value>Number of the last thing done to it.</value>
    public required int Version { get; set; }
}

/// <summary>A public note: only ever added.</summary>
internal sealed class IncidentNoteRow
{
    public required Guid Incident { get; init; }

    public required int Number { get; init; }

    public required IncidentState State { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}

/// <summary>Under which incident a ticket stands: one at most.</summary>
internal sealed class IncidentTicketRow
{
    public required Guid Ticket { get; init; }

    public required Guid Incident { get; set; }
}

/// <summary>Who grouped what when: only ever added.</summary>
internal sealed class IncidentActRow
{
    public required Guid Id { get; init; }

    public required Guid Incident { get; init; }

    public required Guid Ticket { get; init; }

    public required bool Attached { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}

internal static class IncidentModel
{
    public static readonly string[] AppendOnly = ["incident_notes", "incident_acts"];

    public static void AddIncidents(this ModelBuilder model)
    {
        model.Entity<IncidentRow>(incident =>
        {
            incident.ToTable("incidents").HasKey(one => one.Id);
            incident.Property(one => one.Id).ValueGeneratedNever();
            incident.Property(one => one.Version).IsConcurrencyToken();
            incident.HasIndex(one => one.State).HasFilter("\"ResolvedAt\" IS NULL");
        });
        model.Entity<IncidentNoteRow>().ToTable("incident_notes").HasKey(one => new { one.Incident, one.Number });
        model.Entity<IncidentTicketRow>(ticket =>
        {
            ticket.ToTable("incident_tickets").HasKey(one => one.Ticket);
            ticket.Property(one => one.Ticket).ValueGeneratedNever();
            ticket.HasIndex(one => one.Incident);
        });
        model.Entity<IncidentActRow>(act =>
        {
            act.ToTable("incident_acts").HasKey(one => one.Id);
            act.Property(one => one.Id).ValueGeneratedNever();
            act.HasIndex(one => one.Incident);
        });
    }
}
