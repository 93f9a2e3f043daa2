using System.Globalization;
using System.Resources;
using Cdr.Domain;

namespace Cdr.Rights.Statements;

/// <summary>The words of a statement: those of the page, in French whoever reads the page, and dates that no machine's settings change.</summary>
internal static class StatementWords
{
    private const char Space = '\u00a0';
    private static readonly ResourceManager Texts = new("Cdr.Rights.Statements.Texts", typeof(StatementWords).Assembly);

    public static string Text(string key) => Texts.GetString(key, CultureInfo.InvariantCulture) ?? throw new InvalidOperationException($"No text {key}.");

    public static string Text(string key, params object[] values) => string.Format(CultureInfo.InvariantCulture, Text(key), values);

    /// <summary>The reason's words; one that tells what the person lives on is not said where others read, as on the pages.</summary>
    public static string Reason(string id) => Text("Reason-" + (id == ConsultationReason.StateMedicalAid.Id ? "discreet" : id));

    public static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>21/11/2026 09:05:07 (UTC+01:00, Europe/Paris).</summary>
    public static string Instant(DateTimeOffset instant, string timeZone)
    {
        var there = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(timeZone));
        return $"{there.ToString("dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture)} (UTC{there.ToString("zzz", CultureInfo.InvariantCulture)}, {timeZone})";
    }

    /// <summary>As it is written in France, lunar ones as they are: 00/20/1950.</summary>
    public static string Birth(string iso) => BirthDate.Parse(iso).TryGet(out var date, out _) ? $"{date.Day:00}/{date.Month:00}/{date.Year:0000}" : iso;

    /// <summary>2 55 08 14 168 025 38.</summary>
    public static string Number(string nir, string? key) => nir.Length != 13
        ? nir
        : string.Join(Space, nir[..1], nir[1..3], nir[3..5], nir[5..7], nir[7..10], nir[10..]) + (key is null ? "" : $"{Space}{key}");

    public static string? Period(DateOnly? start, DateOnly? end) => (start, end) switch
    {
        ({ } from, { } to) => Text("PeriodBoth", Day(from), Day(to)),
        ({ } from, null) => Text("PeriodFrom", Day(from)),
        (null, { } to) => Text("PeriodUntil", Day(to)),
        _ => null,
    };
}
