using Cdr.Domain;

namespace Cdr.Sessions.Habilitations;

/// <summary>Today, at an establishment: its département's. Without one, Paris's.</summary>
internal static class EstablishmentDay
{
    public static DateOnly Of(string? department, DateTimeOffset now) => DateOnly.FromDateTime(HourOf(department, now));

    /// <summary>As its clocks show it.</summary>
    public static DateTime HourOf(string? department, DateTimeOffset now)
    {
        var zone = Department.Parse(department).TryGet(out var known, out _) ? known.TimeZoneId : "Europe/Paris";
        return TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime;
    }
}
