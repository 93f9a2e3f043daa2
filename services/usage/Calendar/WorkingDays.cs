using Cdr.Domain;

namespace Cdr.Usage.Calendar;

/// <summary>Monday to Friday, without the public holidays of the département.</summary>
internal static class WorkingDays
{
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
