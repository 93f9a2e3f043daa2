namespace Cdr.Rights.Regimes;

/// <summary>What an announcement says of a regime, from a version on: only ever added, so that whatever is heard late or twice changes nothing.</summary>
internal sealed class AnnouncedDowntimeRow
{
    public required Guid Announcement { get; init; }

    /// <value>What was said last of an announcement holds.</value>
    public required DateTimeOffset SaidAt { get; init; }

    public required string Regime { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required bool Withdrawn { get; init; }
}
