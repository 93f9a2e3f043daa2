using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;

namespace Cdr.Portal.Figures;

/// <summary>The tables of the figures.</summary>
/// <param name="Texts">In the reader's language.</param>
/// <param name="Regimes">Short names by id; an id without one names itself.</param>
internal sealed record FigureTables(IStringLocalizer<Texts> Texts, IReadOnlyDictionary<string, string> Regimes)
{
    public FigureTable Months(UsageMonths months) => new(
        Columns("FigureMonth", "FigureWorkingDays", "FigurePerDay", "FigureCumulated", "FigureSinceJanuary", "FigureYearBefore"),
        [
            .. months.Months.Select(month => new FigureRow(
            [
                FigureCalls.MonthWords(month.Month), month.Working.Days, (object?)month.Working.PerDay ?? Unknown(month.Count), Count(month.Count), month.CumulatedInYear, month.Count.PreviousYear,
            ])),
        ]);

    public FigureTable Days(UsageSeries series) => new(
        Columns("Day", "FigureCumulated"),
        [.. series.Lines.SelectMany(line => line.Points).Select(point => new FigureRow([DateOnly.ParseExact(point.At, "yyyy-MM-dd", CultureInfo.InvariantCulture), Count(point.Count)]))]);

    public FigureTable Breakdown(UsageBreakdown breakdown, Func<string, string?> link) => new(
        [Texts["By-" + breakdown.By], .. Columns("FigureCumulated", "FigurePart", "FigureYearBefore")],
        [
            .. breakdown.Rows.Select(row => new FigureRow(
                [
                    Name(breakdown.By, row.Key), Count(row.Count),
                    breakdown.Total > 0 && row.Count.Consultations is { } some ? Math.Round(100.0 * some / breakdown.Total, 1) : null, row.Count.PreviousYear,
                ],
                link(row.Key))),
        ]);

    /// <summary>A map's: all départements, with and without.</summary>
    public FigureTable Map(IReadOnlyDictionary<string, UsageCount> counts, Func<string, string?> link) => new(
        Columns("FigureCode", "By-department", "By-region", "FigureCumulated"),
        [
            .. Department.All.Select(department => new FigureRow(
                [department.Code, department.Name, department.Region.Name, counts.TryGetValue(department.Code, out var count) ? Count(count) : 0L], link(department.Code))),
        ]);

    /// <summary>A map's: who is equipped.</summary>
    public FigureTable Map(IReadOnlyDictionary<string, EquipmentRate> rates) => new(
        Columns("FigureCode", "By-department", "By-region", "FigureTargets", "FigureEquipped", "FigureRate"),
        [
            .. Department.All.Select(department => rates.GetValueOrDefault(department.Code) is { } rate
                ? new FigureRow([department.Code, department.Name, department.Region.Name, rate.Targets, rate.Equipped, rate.Percent])
                : new FigureRow([department.Code, department.Name, department.Region.Name, 0, 0, null])),
        ]);

    public FigureTable Rates(CampaignRates rates, bool byRegion) => new(
        [.. Columns("FigurePhase"), Texts[byRegion ? "By-region" : "By-department"], .. Columns("FigureTargets", "FigureEquipped", "FigureRate")],
        [
            .. rates.Phases.SelectMany(phase => (byRegion ? phase.Regions : phase.Departments).Append(phase.All).Select(rate => new FigureRow(
                [$"{phase.Number} – {phase.Name}", rate.Code is null ? Texts["FigureWhole"].Value : Name(byRegion ? "region" : "department", rate.Code), rate.Targets, rate.Equipped, rate.Percent]))),
        ]);

    /// <summary>The rate of each phase, month by month.</summary>
    public FigureTable Pace(IReadOnlyList<CampaignRates> pace) => new(
        [Texts["FigureMonth"], .. pace is [.., var last] ? last.Phases.Select(phase => Texts["DeploymentPhase", phase.Number, phase.Name].Value) : []],
        [
            .. pace.Select(month => new FigureRow([FigureCalls.MonthWords(FigureCalls.MonthOf(month.On)), .. pace[^1].Phases.Select(phase => (object?)month.Phases.FirstOrDefault(same => same.Number == phase.Number)?.All.Percent)])),
        ]);

    public FigureTable Silent(IReadOnlyList<SilentEstablishment> silent, Func<string, string?> link) => new(
        Columns("By-establishment", "By-department", "FigureFirstDay", "FigureLastDay", "FigureSilentDays"),
        [
            .. silent.Select(one => new FigureRow(
                [one.Establishment, Name("department", one.Department), one.FirstDay, one.LastDay, one.Days], link(one.Establishment))),
        ]);

    public FigureTable Minutes(UsageSeries series, TimeZoneInfo zone) => new(
        Columns("FigureMinute", "FigureCumulated", "FigureP95"),
        [
            .. series.Lines.SelectMany(line => line.Points).Select(point => new FigureRow(
                [TimeZoneInfo.ConvertTime(FigureMinutes.At(point), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Count(point.Count), point.Latency?.P95])),
        ]);

    public FigureTable Answers(UsageRegimes calls) => new(
        [.. Columns("Regime", "RegimeParts", "RegimeCallsMade", "RegimeMean"), .. Enum.GetValues<RegimeOutcome>().Select(outcome => Texts["RegimeEnd-" + outcome].Value), Texts["RegimeSilence"].Value],
        [
            .. calls.Regimes.Select(one => new FigureRow(
            [
                Name("regime", one.Regime), one.Answers, one.Calls, one.MeanMilliseconds, .. Enum.GetValues<RegimeOutcome>().Select(outcome => (object?)one.Outcomes.GetValueOrDefault(outcome)),
                one.Answers == 0 ? null : Math.Round(100.0 * one.Outcomes.GetValueOrDefault(RegimeOutcome.Unavailable) / one.Answers, 1),
            ])),
        ]);

    public FigureTable Budgets(UsageObjectives objectives) => new(
        Columns("ObjectiveColumn", "ObjectiveTarget", "ObjectiveUnit", "ObjectiveTotal", "ObjectiveGood", "ObjectiveRatio", "ObjectiveBudget", "ObjectiveLeft", "ObjectiveAlert"),
        [
            .. objectives.Objectives.Select(one => new FigureRow(
            [
                Texts["Objective-" + one.Id].Value, 100 * one.Target, Texts["ObjectiveUnit-" + one.Unit].Value, one.Total, one.Good, 100 * one.Ratio, one.Budget, 100 * one.Left, Texts["ObjectiveAlert-" + one.Alert].Value,
            ])),
        ]);

    public FigureTable Burns(UsageObjectives objectives) => new(
        [Texts["ObjectiveColumn"], .. objectives.Objectives is [var first, ..] ? first.Burn.Select(burn => Texts["ObjectiveWindow-" + burn.Window].Value) : []],
        [.. objectives.Objectives.Select(one => new FigureRow([Texts["Objective-" + one.Id].Value, .. one.Burn.Select(burn => (object?)burn.Rate)]))]);

    /// <summary>A value as people know it.</summary>
    public string Name(string by, string key) => by switch
    {
        "department" when Department.Parse(key).TryGet(out var department, out _) => $"{department.Code} {department.Name}",
        "region" => Region.All.FirstOrDefault(region => region.Code == key)?.Name ?? key,
        "regime" when key == "several" => Texts["Outcome-several"],
        "regime" when Regimes.TryGetValue(key, out var name) => name,
        "function" => Said("TrialFunction-", key),
        "reason" => Said("Reason-", key),
        "outcome" => Said("Outcome-", key),
        "source" => Said("Source-", key),
        _ => key.Length == 0 ? Texts["FigureNone"] : key,
    };

    private static object? Count(UsageCount count) => (object?)count.Consultations ?? Unknown(count);

    private static Masked? Unknown(UsageCount count) => count.Masked ? Masked.One : null;

    private string[] Columns(params string[] keys) => [.. keys.Select(key => Texts[key].Value)];

    private string Said(string prefix, string key) => key.Length == 0 ? Texts["FigureNone"] : Texts[prefix + key] is { ResourceNotFound: false } text ? text : key;
}
