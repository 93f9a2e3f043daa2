using Cdr.Domain;

namespace Cdr.Sessions.Administration;

/// <summary>« Today » is the establishment's; where there is none, that of Paris.</summary>
internal static class LocalDay
{
    public static DateOnly In(string? department, DateTimeOffset now)
    {
        var zone = Department.Parse(department).TryGet(out var known, out _) ? known.TimeZoneId : "Europe/Paris";
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
    }
}
