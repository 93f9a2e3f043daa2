using Cdr.Contracts.Rights;

namespace Cdr.Contracts.Usage;

/// <summary>
/// Consultations of a period, beside those before it. A number is null where it was not asked for, and where it is masked: below 5 once the
/// caller's own are taken out of what they see of others.
/// </summary>
/// <param name="Consultations">In the period.</param>
/// <param name="PreviousPeriod">In the period of the same length just before: of whole months, as many months.</param>
/// <param name="PreviousYear">On the same dates one year earlier.</param>
/// <param name="Masked">At least one of the numbers is masked.</param>
public sealed record UsageCount(long? Consultations, long? PreviousPeriod, long? PreviousYear, bool Masked);

/// <summary>Percentiles in milliseconds, from the question's arrival to the sealed answer: exact to the range of duration they lie in; beyond 6 s they say 6,000.</summary>
/// <param name="P50">Half took no longer.</param>
/// <param name="P95">95 in 100 took no longer.</param>
/// <param name="P99">99 in 100 took no longer.</param>
/// <param name="WithinOneSecond">Part that took a second at most, 0 to 1.</param>
public sealed record UsageLatency(int P50, int P95, int P99, double WithinOneSecond);

/// <summary>Consultations over time.</summary>
/// <param name="Step"><c>minute</c>, <c>hour</c>, <c>day</c> or <c>month</c>.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Lines">One, or one a value of what they are told apart by, the most consultations first.</param>
public sealed record UsageSeries(string Step, DateOnly From, DateOnly To, IReadOnlyList<UsageLine> Lines);

/// <summary>A curve. Periods of which nothing is counted have no point.</summary>
/// <param name="Key">The value; null where there is one line.</param>
/// <param name="Points">In the order of time.</param>
public sealed record UsageLine(string? Key, IReadOnlyList<UsagePoint> Points);

/// <summary>A point of a curve.</summary>
/// <param name="At">Day as yyyy-MM-dd, month as yyyy-MM; minutes and hours as the UTC instant they begin at.</param>
/// <param name="Count">How many.</param>
/// <param name="Cumulated">Since the first period of the curve; null once a masked number would be in it.</param>
/// <param name="Latency">Null unless asked for, and where the count is masked.</param>
public sealed record UsagePoint(string At, UsageCount Count, long? Cumulated, UsageLatency? Latency);

/// <summary>Consultations by the values of one thing, the most first.</summary>
/// <param name="By">What they are told apart by.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Total">Of all values that can be shown; masked ones are not in it.</param>
/// <param name="Rows">At most as many as were asked for.</param>
/// <param name="OtherValues">How many values are not among the rows.</param>
/// <param name="Others">Their sum, masked ones left out.</param>
public sealed record UsageBreakdown(string By, DateOnly From, DateOnly To, long Total, IReadOnlyList<UsageShare> Rows, int OtherValues, long Others);

/// <summary>A value and its consultations.</summary>
/// <param name="Key">The value; empty where a consultation has none.</param>
/// <param name="Count">How many.</param>
/// <param name="Latency">Null unless asked for, and where the count is masked.</param>
public sealed record UsageShare(string Key, UsageCount Count, UsageLatency? Latency);

/// <summary>A period in figures.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Count">How many.</param>
/// <param name="Working">The same as an average.</param>
/// <param name="Latency">How long.</param>
/// <param name="Complete">Part that ended otherwise than incomplete, 0 to 1.</param>
/// <param name="Cached">Part answered from what was kept and still good, 0 to 1.</param>
/// <param name="Stale">Part answered from what was kept too long, 0 to 1.</param>
public sealed record UsageSummary(DateOnly From, DateOnly To, UsageCount Count, UsageAverage Working, UsageLatency? Latency, double? Complete, double? Cached, double? Stale);

/// <summary>Average of a working day: Monday to Friday without the public holidays of each département.</summary>
/// <param name="Days">Working days of the period that are over; where départements differ, those without a holiday of their own.</param>
/// <param name="PerDay">Consultations of those days by their number, each département by its own calendar; null where there is no such day, or masked.</param>
public sealed record UsageAverage(int Days, double? PerDay);

/// <summary>Months as the field draws them.</summary>
/// <param name="Months">In the order of time; all of them, those without consultations too.</param>
public sealed record UsageMonths(IReadOnlyList<UsageMonth> Months);

/// <summary>A month.</summary>
/// <param name="Month">yyyy-MM.</param>
/// <param name="Count">Cumulated over the month.</param>
/// <param name="CumulatedInYear">Since January; null once a masked number would be in it.</param>
/// <param name="Working">Average of a working day; of the current month, up to yesterday.</param>
public sealed record UsageMonth(string Month, UsageCount Count, long? CumulatedInYear, UsageAverage Working);

/// <summary>How the regimes answered, those that were called most first.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Regimes">Those that had a part in a consultation.</param>
public sealed record UsageRegimes(DateOnly From, DateOnly To, IReadOnlyList<RegimeFigure> Regimes);

/// <summary>How a regime answered.</summary>
/// <param name="Regime">Its id.</param>
/// <param name="Answers">Its parts in consultations, those answered from what was kept included.</param>
/// <param name="Calls">Those for which it was really asked.</param>
/// <param name="MeanMilliseconds">Of a call; null where there was none.</param>
/// <param name="Outcomes">Its parts by how they ended.</param>
public sealed record RegimeFigure(string Regime, long Answers, long Calls, int? MeanMilliseconds, IReadOnlyDictionary<RegimeOutcome, long> Outcomes);

/// <summary>A row of the export.</summary>
/// <param name="Period">Day as yyyy-MM-dd, month as yyyy-MM, hour as the UTC instant it begins at.</param>
/// <param name="Department">Code of the département.</param>
/// <param name="Group">Hospital group's id; empty when none.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Unit">The hospital's own unit; empty when none.</param>
/// <param name="Function">reception, emergencies, invoicing…; empty when none.</param>
/// <param name="Regime">The regime whose rights were shown; <c>several</c>; empty when none.</param>
/// <param name="Reason">Id of the reason.</param>
/// <param name="Outcome">How they ended.</param>
/// <param name="Source">live, cached, stale.</param>
/// <param name="Consultations">How many.</param>
/// <param name="OnWorkingDays">Those on a working day of their département.</param>
/// <param name="Milliseconds">In all.</param>
/// <param name="Latency">How many took up to 5, 10, 20, 35, 50, 75, 100, 150, 250, 400, 650, 1000, 1600, 3000, 6000 ms, and longer.</param>
public sealed record UsageRow(
    string Period, string Department, string Group, string Establishment, string Unit, string Function, string Regime, string Reason, string Outcome, string Source,
    long Consultations, long OnWorkingDays, long Milliseconds, IReadOnlyList<long> Latency);
