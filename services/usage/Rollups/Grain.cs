using System.Globalization;
using Cdr.Usage.Counting;

namespace Cdr.Usage.Rollups;

/// <summary>How finely time is counted.</summary>
internal enum Grain
{
    Minute,
    Hour,
    Day,
    Month,
}

/// <summary>
/// Periods are numbers, alike in both stores: minutes and hours since 1970 (UTC; Paris is whole hours away), days since 0001-01-01 and
/// months since year 0 of Europe/Paris.
/// </summary>
internal static class Periods
{
    /// <summary>Months of days beside the current one.</summary>
    public const int MonthsOfDays = 13;

    private const int HoursKept = 60 * 24;
    private const int MinutesKept = 24 * 60;

    public static int Of(Grain grain, DateTimeOffset at) => grain switch
    {
        Grain.Minute => (int)(at.ToUnixTimeSeconds() / 60),
        Grain.Hour => (int)(at.ToUnixTimeSeconds() / 3600),
        _ => Of(grain, Days.Of(at)),
    };

    /// <summary>Of a day: its first minute or hour, itself, its month.</summary>
    public static int Of(Grain grain, DateOnly day) => grain switch
    {
        Grain.Day => day.DayNumber,
        Grain.Month => day.Year * 12 + day.Month - 1,
        _ => Of(grain, Days.Start(day)),
    };

    /// <summary>The first period that is still kept. Months are kept for ever.</summary>
    public static int First(Grain grain, DateTimeOffset now) => grain switch
    {
        Grain.Minute => Of(grain, now) - MinutesKept,
        Grain.Hour => Of(grain, now) - HoursKept,
        Grain.Day => FirstDay(Of(Grain.Month, now) - MonthsOfDays).DayNumber,
        _ => 0,
    };

    /// <summary>The first day of which periods are kept, its last ones at least.</summary>
    public static DateOnly FirstDayKept(Grain grain, DateTimeOffset now) => grain switch
    {
        Grain.Minute => Days.Of(now.AddMinutes(-MinutesKept)),
        Grain.Hour => Days.Of(now.AddHours(-HoursKept)),
        Grain.Day => DateOnly.FromDayNumber(First(grain, now)),
        _ => DateOnly.MinValue,
    };

    /// <summary>The first day of a month.</summary>
    public static DateOnly FirstDay(int month) => new(month / 12, month % 12 + 1, 1);

    public static string Text(Grain grain, int period) => grain switch
    {
        Grain.Minute => Instant(period * 60L),
        Grain.Hour => Instant(period * 3600L),
        Grain.Day => DateOnly.FromDayNumber(period).ToString("O", CultureInfo.InvariantCulture),
        _ => FirstDay(period).ToString("yyyy-MM", CultureInfo.InvariantCulture),
    };

    private static string Instant(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
