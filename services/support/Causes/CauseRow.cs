using Cdr.Contracts.Support;

namespace Cdr.Support.Causes;

/// <summary>What a cause is from a version on: only ever added.</summary>
internal sealed class CauseRow
{
    public required string Code { get; init; }

    /// <value>From 1.</value>
    public required int Number { get; init; }

    public required string Label { get; init; }

    public TicketKind? Kind { get; init; }

    public required DateOnly From { get; init; }

    public DateOnly? To { get; init; }

    public required bool OfIncident { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}
