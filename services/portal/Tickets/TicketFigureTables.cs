using System.Globalization;
using Cdr.Contracts.Support;
using Cdr.Portal.Answers;
using Cdr.Portal.Figures;
using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;

namespace Cdr.Portal.Tickets;

/// <summary>Volumes and delays of tickets as a table: a page shows it, a file is the same cells.</summary>
internal static class TicketFigureTables
{
    public const string Page = "/demandes/chiffres";
    public const string File = "/demandes/chiffres.csv";

    private static readonly string[] DelayWords = ["TicketFigureMet", "TicketFigureMissed", "TicketFigureMinutes"];

    public static IReadOnlyList<string> Dimensions { get; } = ["kind", "regime", "department", "priority"];

    /// <summary>Days of an address, or the last thirty; and by what.</summary>
    public static (DateOnly From, DateOnly To, string By) Read(string? from, string? to, string? by, DateOnly today) =>
        (Day(from) ?? today.AddDays(-29), Day(to) ?? today, Dimensions.Contains(by) ? by! : Dimensions[0]);

    public static FigureTable Table(SupportFigures figures, IStringLocalizer<Texts> texts) => new(
        [
            texts["TicketBy-" + figures.By].Value, texts["TicketFigureTickets"].Value, texts["TicketFigureOver"].Value, texts["TicketFigureWith"].Value,
            .. Enum.GetValues<ClockKind>().SelectMany(kind => DelayWords.Select(word => texts[word, texts["TicketClock-" + Wire.Of(kind)].Value].Value)),
        ],
        [.. figures.Rows.Select(row => new FigureRow([Name(figures.By, row.Key, texts), row.Tickets, row.Over, row.WithOrganism, .. Enum.GetValues<ClockKind>().SelectMany(kind => Delay(row, kind))]))]);

    private static IEnumerable<object?> Delay(SupportFigure row, ClockKind kind) =>
        row.Delays.FirstOrDefault(delay => delay.Kind == kind) is { } delay ? [delay.Met, delay.Missed, delay.AverageMinutes] : [0, 0, null];

    private static string Name(string by, string key, IStringLocalizer<Texts> texts) => by switch
    {
        "kind" => texts["TicketKind-" + key].Value,
        "priority" => texts["TicketPriority-" + key].Value,
        _ when key.Length == 0 => texts["TicketFigureNoOrganism"].Value,
        _ => key,
    };

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
