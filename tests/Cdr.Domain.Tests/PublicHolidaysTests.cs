using System.Globalization;

namespace Cdr.Domain.Tests;

public sealed class PublicHolidaysTests
{
    [Theory]
    // Ascension on the first of May.
    [InlineData(2008, "03-24 05-01 05-12")]
    [InlineData(2026, "04-06 05-14 05-25")]
    [InlineData(2027, "03-29 05-06 05-17")]
    [InlineData(2038, "04-26 06-03 06-14")]
    public void The_movable_holidays_follow_Easter(int year, string monthsAndDays) =>
        Assert.All(monthsAndDays.Split(' '), day => Assert.Contains(Day($"{year}-{day}"), PublicHolidays.Of("75", year)));

    [Fact]
    public void There_are_eleven_holidays_and_one_or_two_more_where_the_law_says_so()
    {
        Assert.Equal(11, PublicHolidays.Of("75", 2026).Count);
        Assert.All(["57", "67", "68"], department => Assert.Equal(13, PublicHolidays.Of(department, 2026).Count));
        Assert.All(["971", "972", "973", "974", "976"], department => Assert.Equal(12, PublicHolidays.Of(department, 2026).Count));
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
