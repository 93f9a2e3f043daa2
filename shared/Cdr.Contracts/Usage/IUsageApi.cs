using Cdr.Contracts.Rights;
using Refit;

namespace Cdr.Contracts.Usage;

/// <summary>What was asked.</summary>
public interface IUsageApi
{
    /// <summary>Consultations counted a day (Europe/Paris), both days included, at most 400 days. The caller sees their establishment, their group, or all, by role.</summary>
    [Get("/api/usage/daily")]
    Task<IReadOnlyList<DailyUsage>> DailyAsync([Query(Format = "yyyy-MM-dd")] DateOnly? from, [Query(Format = "yyyy-MM-dd")] DateOnly? to, CancellationToken cancellationToken);

    /// <summary>Consultations over time: one curve, or one a value.</summary>
    /// <param name="filter">Days, and whose.</param>
    /// <param name="step"><c>minute</c>, <c>hour</c>, <c>day</c> or <c>month</c>.</param>
    /// <param name="by">What curves are told apart by; null: one curve.</param>
    /// <param name="top">How many curves.</param>
    /// <param name="compare">previous, year, or both with a comma.</param>
    /// <param name="latency">Percentiles too.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    [Get("/api/usage/series")]
    Task<UsageSeries> SeriesAsync([Query] UsageFilter filter, string? step, string? by, int? top, string? compare, string? latency, CancellationToken cancellationToken);

    /// <summary>Consultations of a period by the values of one thing, the most first.</summary>
    [Get("/api/usage/breakdown")]
    Task<UsageBreakdown> BreakdownAsync([Query] UsageFilter filter, string by, int? top, string? compare, CancellationToken cancellationToken);

    /// <summary>A period in figures.</summary>
    [Get("/api/usage/summary")]
    Task<UsageSummary> SummaryAsync([Query] UsageFilter filter, string? compare, CancellationToken cancellationToken);

    /// <summary>Months as the field draws them; default: the last 13.</summary>
    [Get("/api/usage/months")]
    Task<UsageMonths> MonthsAsync([Query] UsageFilter filter, string? compare, CancellationToken cancellationToken);

    /// <summary>Objectives, budgets and burn rates over 30 days, of the caller's own consultations.</summary>
    /// <param name="department">Of this département alone; null: all that the caller sees.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    [Get("/api/usage/objectives")]
    Task<UsageObjectives> ObjectivesAsync(string? department, CancellationToken cancellationToken);

    /// <summary>How the regimes answered; default: the last 30 days. A regime's staff see their own.</summary>
    [Get("/api/usage/regimes")]
    Task<UsageRegimes> RegimesAsync([Query(Format = "yyyy-MM-dd")] DateOnly? from, [Query(Format = "yyyy-MM-dd")] DateOnly? to, CancellationToken cancellationToken);
}

/// <summary>Which consultations. Null: all of them, within what the caller sees.</summary>
public sealed record UsageFilter
{
    /// <value>First day, yyyy-MM-dd.</value>
    [AliasAs("from")]
    public string? From { get; init; }

    /// <value>Last day, included, yyyy-MM-dd.</value>
    [AliasAs("to")]
    public string? To { get; init; }

    /// <value>Code of a département.</value>
    [AliasAs("department")]
    public string? Department { get; init; }

    /// <value>FINESS géographique.</value>
    [AliasAs("establishment")]
    public string? Establishment { get; init; }

    /// <value>The hospital's own unit.</value>
    [AliasAs("unit")]
    public string? Unit { get; init; }

    /// <value>reception, emergencies, invoicing…</value>
    [AliasAs("function")]
    public string? Function { get; init; }

    /// <value>Id of the regime whose rights were shown.</value>
    [AliasAs("regime")]
    public string? Regime { get; init; }

    /// <value>Id of the reason.</value>
    [AliasAs("reason")]
    public string? Reason { get; init; }

    /// <value>own (default) or country.</value>
    [AliasAs("scope")]
    public string? Scope { get; init; }
}

/// <summary>One row: the sum of <see cref="Consultations"/> over all rows is the number of consultations.</summary>
public sealed record DailyUsage(
    DateOnly Day,
    string Department,
    string Group,
    string Establishment,
    string Unit,
    string Function,
    string Regime,
    string Reason,
    ConsultationOutcome Outcome,
    Freshness Source,
    long Consultations);
