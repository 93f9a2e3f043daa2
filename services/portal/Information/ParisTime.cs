using System.Globalization;
using Cdr.Portal.Answers;

namespace Cdr.Portal.Information;

/// <summary>What is announced for the whole country is announced in one time, and says which.</summary>
internal static class ParisTime
{
    private const string Field = "yyyy-MM-dd'T'HH:mm";

    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>As a field of day and time has it.</summary>
    public static string Write(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).ToString(Field, CultureInfo.InvariantCulture);

    /// <summary>False: no such time, or one that the change to summer time leaves out. One that comes twice is the first.</summary>
    public static bool TryRead(string typed, out DateTimeOffset instant)
    {
        instant = default;
        if (!DateTime.TryParseExact(typed.Length > 16 ? typed[..16] : typed, Field, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || Zone.IsInvalidTime(local))
            return false;
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        instant = new DateTimeOffset(local, offset).ToUniversalTime();
        return true;
    }

    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone).DateTime);

    public static string Show(DateTimeOffset instant) => Words.Instant(instant, Zone);
}
