using System.Globalization;
using Cdr.Contracts.Support;
using Cdr.Portal.Answers;
using Cdr.Portal.Figures;
using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;

namespace Cdr.Portal.Tickets;

/// <summary>Volumes, delays and causes of tickets as a table: a page shows it, a file is the same cells.</summary>
internal static class TicketFigureTables
{
    public const string Page = "/demandes/chiffres";
    public const string File = "/demandes/chiffres.csv";

    private const string Crossed = "regimeDepartment";
    private const string ByCause = "cause";

    private static readonly string[] DelayWords = ["TicketFigureMet", "TicketFigureMissed", "TicketFigureMinutes"];

    public static IReadOnlyList<string> Dimensions { get; } = ["kind", "regime", "department", "regimeDepartment", "cause", "priority"];

    /// <summary>Days of an address, or the last thirty; and by what.</summary>
    public static (DateOnly From, DateOnly To, string By) Read(string? from, string? to, string? by, DateOnly today) =>
        (Day(from) ?? today.AddDays(-29), Day(to) ?? today, Dimensions.Contains(by) ? by! : Dimensions[0]);

    public static FigureTable Table(SupportFigures figures, IStringLocalizer<Texts> texts)
    {
        // All rows are summed for them: once, and not once a row.
        var causes = Causes(figures);
        return new(
            [
                .. Names(figures.By, texts), texts["TicketFigureTickets"].Value, texts["TicketFigureOver"].Value, texts["TicketFigureWith"].Value,
                .. Enum.GetValues<ClockKind>().SelectMany(kind => DelayWords.Select(word => texts[word, texts["TicketClock-" + Wire.Of(kind)].Value].Value)),
                .. causes.Select(cause => texts["TicketFigureCause", cause.Label].Value),
            ],
            [
                .. figures.Rows.Select(row => new FigureRow(
                [
                    Name(figures.By, row, texts), .. figures.By == Crossed ? new object?[] { row.Department } : [], row.Tickets, row.Over, row.WithOrganism, .. Enum.GetValues<ClockKind>().SelectMany(kind => Delay(row, kind)),
                    .. causes.Select(cause => (object?)(row.Causes.FirstOrDefault(one => one.Code == cause.Code)?.Tickets ?? 0)),
                ])),
            ]);
    }

    private static IEnumerable<string> Names(string by, IStringLocalizer<Texts> texts) =>
        by == Crossed ? [texts["TicketBy-regime"].Value, texts["TicketBy-department"].Value] : [texts["TicketBy-" + by].Value];

    // One column a cause that something came of, the most frequent first; the rows of a table of causes are them already.
    private static IReadOnlyList<SupportCause> Causes(SupportFigures figures) => figures.By == ByCause ? []
        : [.. figures.Rows.SelectMany(row => row.Causes).GroupBy(cause => cause.Code).Select(same => new SupportCause(same.Key, same.First().Label, same.Sum(one => one.Tickets))).OrderByDescending(cause => cause.Tickets).ThenBy(cause => cause.Code, StringComparer.Ordinal)];

    private static IEnumerable<object?> Delay(SupportFigure row, ClockKind kind) =>
        row.Delays.FirstOrDefault(delay => delay.Kind == kind) is { } delay ? [delay.Met, delay.Missed, delay.AverageMinutes] : [0, 0, null];

    private static string Name(string by, SupportFigure row, IStringLocalizer<Texts> texts) => by switch
    {
        "kind" => texts["TicketKind-" + row.Key].Value,
        "priority" => texts["TicketPriority-" + row.Key].Value,
        ByCause when row.Key.Length == 0 => texts["TicketFigureNoCause"].Value,
        ByCause => row.Causes is [var only, ..] ? only.Label : row.Key,
        _ when row.Key.Length == 0 => texts["TicketFigureNoOrganism"].Value,
        _ => row.Key,
    };

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
