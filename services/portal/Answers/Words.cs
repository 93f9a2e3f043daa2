using System.Globalization;

namespace Cdr.Portal.Answers;

/// <summary>Days, instants and numbers as they are read aloud.</summary>
internal static class Words
{
    private const char Space = '\u00a0';

    public static string Day(DateOnly day) => day.ToString("d", CultureInfo.CurrentCulture);

    public static string? Day(DateOnly? day) => day is { } known ? Day(known) : null;

    /// <summary>Where two of one minute are told apart.</summary>
    public static string InstantToTheSecond(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).ToString("G", CultureInfo.CurrentCulture);

    /// <summary>Key of the reason's text: one that tells what the person lives on is not said where others read, on screen or on paper.</summary>
    public static string Reason(string id) => "Reason-" + (id == Cdr.Domain.ConsultationReason.StateMedicalAid.Id ? "discreet" : id);

    /// <summary>In the establishment's time zone.</summary>
    public static string Instant(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).ToString("g", CultureInfo.CurrentCulture);

    /// <summary>A birth date as it is written in France, lunar ones as they are: 00/20/1950.</summary>
    public static string Birth(string iso) => Cdr.Domain.BirthDate.Parse(iso).TryGet(out var date, out _) ? $"{date.Day:00}/{date.Month:00}/{date.Year:0000}" : iso;

    public static bool IsLunar(string iso) => Cdr.Domain.BirthDate.Parse(iso).TryGet(out var date, out _) && date.IsLunar;

    /// <summary>2 55 08 14 168 025 (38).</summary>
    public static string Number(string nir, string? key) => nir.Length != 13
        ? nir
        : string.Join(Space, nir[..1], nir[1..3], nir[3..5], nir[5..7], nir[7..10], nir[10..]) + (key is null ? "" : $"{Space}{Space}{key}");

    public static string Organism(string regime, string caisse, string centre) => $"{regime}–{caisse}–{centre}";

    /// <summary>The largest unit that tells how old a thing is.</summary>
    public static (string Unit, long Count) Age(long seconds) => seconds switch
    {
        < 60 => ("AgeSeconds", seconds),
        < 3600 => ("AgeMinutes", seconds / 60),
        < 172_800 => ("AgeHours", seconds / 3600),
        _ => ("AgeDays", seconds / 86_400),
    };
}
