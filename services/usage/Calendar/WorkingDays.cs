using System.Collections.Frozen;
using Cdr.Domain;

namespace Cdr.Usage.Calendar;

/// <summary>Monday to Friday, without the public holidays of the département.</summary>
internal static class WorkingDays
{
    private static readonly FrozenDictionary<string, TimeZoneInfo> Overseas =
        Department.All.Where(department => department.IsOverseas).ToFrozenDictionary(department => department.Code, department => TimeZoneInfo.FindSystemTimeZoneById(department.TimeZoneId), StringComparer.Ordinal);

    /// <summary>The day that it is there.</summary>
    /// <param name="department">Code.</param>
    /// <param name="at">When.</param>
    /// <param name="paris">The day that it is in Paris then, and so in all départements but those overseas.</param>
    public static DateOnly DayThere(string department, DateTimeOffset at, DateOnly paris) =>
        department.Length == 3 && Overseas.TryGetValue(department, out var zone) ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime) : paris;

    public static bool Is(string department, DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !PublicHolidays.Of(department, day.Year).Contains(day);

    /// <summary>How many, both days included.</summary>
    public static int Count(string department, DateOnly first, DateOnly last)
    {
        var count = 0;
        for (var day = first; day <= last; day = day.AddDays(1))
            count += Is(department, day) ? 1 : 0;
        return count;
    }
}
