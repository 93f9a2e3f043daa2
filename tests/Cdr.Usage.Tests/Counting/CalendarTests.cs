using System.Globalization;
using Cdr.Usage.Calendar;

namespace Cdr.Usage.Tests.Counting;

public sealed class CalendarTests
{
    [Theory]
    // Good Friday and the day after Christmas 2025, in Alsace and Moselle only.
    [InlineData("2026-04-03", "67", false)]
    [InlineData("2026-04-03", "54", true)]
    [InlineData("2025-12-26", "57", false)]
    [InlineData("2025-12-26", "88", true)]
    // The abolition of slavery, each on its own day.
    [InlineData("2026-05-27", "971", false)]
    [InlineData("2025-05-22", "972", false)]
    [InlineData("2026-06-10", "973", false)]
    [InlineData("2027-12-20", "974", false)]
    [InlineData("2026-04-27", "976", false)]
    [InlineData("2026-04-27", "974", true)]
    [InlineData("2026-07-14", "2A", false)]
    [InlineData("2026-11-14", "75", false)]
    [InlineData("2026-11-16", "75", true)]
    public void A_working_day_is_one_of_its_departement(string day, string department, bool isWorking) => Assert.Equal(isWorking, WorkingDays.Is(department, Day(day)));

    [Theory]
    // April 2026: 22 weekdays, without Easter Monday, and in Alsace without Good Friday.
    [InlineData("75", 21)]
    [InlineData("67", 20)]
    public void The_working_days_of_a_month_are_counted_both_ends_included(string department, int days) =>
        Assert.Equal(days, WorkingDays.Count(department, Day("2026-04-01"), Day("2026-04-30")));

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
