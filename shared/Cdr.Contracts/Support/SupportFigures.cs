namespace Cdr.Contracts.Support;

/// <summary>Tickets begun on some days, in parts. Nobody is in it.</summary>
/// <param name="From">First day, Europe/Paris.</param>
/// <param name="To">Last day.</param>
/// <param name="By">What the parts are: <c>kind</c>, <c>regime</c>, <c>department</c>, <c>regimeDepartment</c>, <c>cause</c>, <c>priority</c>.</param>
/// <param name="Rows">The largest part first.</param>
public sealed record SupportFigures(DateOnly From, DateOnly To, string By, IReadOnlyList<SupportFigure> Rows);

/// <summary>A part.</summary>
/// <param name="Key">Its code; empty for tickets that no organism had, or that have no cause.</param>
/// <param name="Tickets">How many were begun.</param>
/// <param name="Over">Of them, solved or closed now.</param>
/// <param name="WithOrganism">Of them, with an organism now.</param>
/// <param name="Delays">One a kind of clock that ran.</param>
public sealed record SupportFigure(string Key, int Tickets, int Over, int WithOrganism, IReadOnlyList<SupportDelay> Delays)
{
    /// <summary>Of a regime's part, the code of the département, where the parts are of both.</summary>
    public string? Department { get; init; }

    /// <summary>What its tickets came of, the most frequent first; those that are not solved, or have none, in none.</summary>
    public IReadOnlyList<SupportCause> Causes { get; init; } = [];
}

/// <summary>How often tickets came of something.</summary>
/// <param name="Code">Of the cause.</param>
/// <param name="Label">For people, as it is today.</param>
/// <param name="Tickets">How many.</param>
public sealed record SupportCause(string Code, string Label, int Tickets);

/// <summary>How long something took.</summary>
/// <param name="Kind">Which clock.</param>
/// <param name="Met">How often it was done.</param>
/// <param name="Missed">How often its objective was missed.</param>
/// <param name="AverageMinutes">Working minutes, where it was done; absent where it never was.</param>
public sealed record SupportDelay(ClockKind Kind, int Met, int Missed, int? AverageMinutes);
