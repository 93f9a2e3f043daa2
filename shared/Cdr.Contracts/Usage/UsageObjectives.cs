namespace Cdr.Contracts.Usage;

/// <summary>What the service promises, and how far it keeps it.</summary>
/// <param name="At">UTC instant at which this was read.</param>
/// <param name="Days">Over which the budgets are, up to that instant.</param>
/// <param name="Objectives">In a fixed order.</param>
public sealed record UsageObjectives(DateTimeOffset At, int Days, IReadOnlyList<Objective> Objectives);

/// <summary>A promise.</summary>
/// <param name="Id"><c>availability</c>, <c>latency</c>, <c>complete</c> or <c>cache</c>.</param>
/// <param name="Unit">What is counted: <c>consultation</c>, or <c>hour</c> of service.</param>
/// <param name="Target">Part that is to be good, 0 to 1.</param>
/// <param name="Total">How many there were.</param>
/// <param name="Good">How many of them were good.</param>
/// <param name="Ratio">Their part, 0 to 1; null of nothing.</param>
/// <param name="Budget">How many of them may be bad.</param>
/// <param name="Left">Part of the budget that is not spent; below 0 it is overspent; null of nothing.</param>
/// <param name="Burn">How fast it is spent, the shortest window first.</param>
/// <param name="Alert"><c>page</c>: somebody should look now; <c>ticket</c>: within days; <c>none</c>.</param>
public sealed record Objective(string Id, string Unit, double Target, long Total, long Good, double? Ratio, double Budget, double? Left, IReadOnlyList<BurnRate> Burn, string Alert);

/// <summary>How fast a budget is spent: at 1 it lasts exactly its days.</summary>
/// <param name="Window"><c>5m</c>, <c>30m</c>, <c>1h</c>, <c>6h</c> or <c>3d</c>, up to now.</param>
/// <param name="Rate">Null where nothing was counted in it.</param>
public sealed record BurnRate(string Window, double? Rate);
