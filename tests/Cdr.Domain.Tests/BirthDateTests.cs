using System.Globalization;
using FsCheck.Xunit;

namespace Cdr.Domain.Tests;

[Properties(Arbitrary = [typeof(Generated)])]
public sealed class BirthDateTests
{
    [Property]
    public void A_date_of_the_calendar_is_read_in_every_way_of_writing_it(CalendarDay day)
    {
        var expected = day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        Assert.All(["yyyy-MM-dd", "dd'/'MM'/'yyyy", "dd.MM.yyyy", "dd MM yyyy", "yyyyMMdd", "ddMMyyyy"], format =>
        {
            var date = BirthDate.Parse($" {day.Date.ToString(format, CultureInfo.InvariantCulture)} ").Value;
            Assert.Equal(expected, date.Iso);
            Assert.Equal(day.Date, date.ForAge);
            Assert.False(date.IsLunar);
        });
    }

    [Theory]
    [InlineData("1950-20-00", 1950, 20, 0)]
    [InlineData("00/20/1950", 1950, 20, 0)]
    [InlineData("1950-00-00", 1950, 0, 0)]
    [InlineData("19500000", 1950, 0, 0)]
    [InlineData("00001950", 1950, 0, 0)]
    [InlineData("1950-13-01", 1950, 13, 1)]
    [InlineData("1951-02-29", 1951, 2, 29)]
    [InlineData("1950-01-32", 1950, 1, 32)]
    [InlineData("2100-99-99", 2100, 99, 99)]
    public void A_lunar_date_is_kept_as_it_is_and_counts_from_the_first_of_January(string text, int year, int month, int day)
    {
        var date = BirthDate.Parse(text).Value;

        Assert.Equal((year, month, day), (date.Year, date.Month, date.Day));
        Assert.True(date.IsLunar);
        Assert.Equal(new DateOnly(year, 1, 1), date.ForAge);
        Assert.Equal(date, BirthDate.Parse(date.Iso).Value);
    }

    [Theory]
    [InlineData("20011950", "1950-01-20")]
    [InlineData("20012001", "2001-01-20")]
    [InlineData("19501020", "1950-10-20")]
    public void Eight_digits_are_read_as_the_date_that_exists(string text, string iso) =>
        Assert.Equal(iso, BirthDate.Parse(text).Value.Iso);

    [Theory]
    [InlineData(null, "birth-date-missing", null)]
    [InlineData("   ", "birth-date-missing", null)]
    [InlineData("19502000", "birth-date-ambiguous", null)]
    [InlineData("  1950-2O-00", "birth-date-character", 8)]
    [InlineData("1849-01-01", "birth-date-year-impossible", 0)]
    [InlineData(" 01/01/2101", "birth-date-year-impossible", 7)]
    [InlineData("99999999", "birth-date-year-impossible", 0)]
    [InlineData("1950-01/01", "birth-date-format", null)]
    [InlineData("1/1/1950", "birth-date-format", null)]
    [InlineData("010150", "birth-date-format", null)]
    [InlineData("1950-01-011", "birth-date-format", null)]
    public void What_is_wrong_is_named_where_it_is(string? text, string code, int? position) =>
        Assert.Equal((code, position), (BirthDate.Parse(text).Error?.Code, BirthDate.Parse(text).Error?.Position));

    [Theory]
    [InlineData("2026-06-15", null)]
    [InlineData("2026-06-16", 8)]
    [InlineData("2026-07-01", 5)]
    [InlineData("2027-01-01", 0)]
    [InlineData(" 16/06/2026", 1)]
    [InlineData("01/07/2026", 3)]
    [InlineData("01/01/2027", 6)]
    [InlineData("16062026", 0)]
    [InlineData("20270101", 0)]
    [InlineData("01012027", 4)]
    [InlineData("2026-20-00", null)]
    [InlineData("2027-20-00", 0)]
    public void Nobody_is_born_after_today_and_the_place_is_the_first_part_too_late(string text, int? position)
    {
        var read = BirthDate.Parse(text, new DateOnly(2026, 6, 15));

        Assert.Equal((position is null ? null : "birth-date-future", position), (read.Error?.Code, read.Error?.Position));
        Assert.True(BirthDate.Parse(text).IsValid);
    }

    [Theory]
    [InlineData("2026-06-15", "2026-06-14", true)]
    [InlineData("2026-06-15", "2026-06-15", false)]
    [InlineData("2026-20-00", "2026-01-01", false)]
    [InlineData("2026-20-00", "2025-12-31", true)]
    public void A_birth_comes_after_a_day_and_a_lunar_one_after_a_year(string birth, string day, bool after) =>
        Assert.Equal(after, BirthDate.Parse(birth).Value.IsAfter(DateOnly.Parse(day, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("1850-01-01")]
    [InlineData("2100-12-31")]
    public void The_range_of_years_is_inclusive(string text) => Assert.True(BirthDate.Parse(text).IsValid);

    [Theory]
    [InlineData("1980-06-15", "2026-06-14", 45)]
    [InlineData("1980-06-15", "2026-06-15", 46)]
    [InlineData("1950-20-00", "2026-01-01", 76)]
    [InlineData("1950-20-00", "2025-12-31", 75)]
    [InlineData("2000-02-29", "2026-02-27", 25)]
    [InlineData("2000-02-29", "2026-02-28", 26)]
    [InlineData("2026-06-15", "2026-06-14", -1)]
    [InlineData("2026-06-15", "2026-06-15", 0)]
    public void An_age_is_in_full_years(string birth, string day, int age) =>
        Assert.Equal(age, BirthDate.Parse(birth).Value.AgeOn(DateOnly.Parse(day, CultureInfo.InvariantCulture)));

    [Property]
    public void A_birth_date_is_masked_where_it_is_written(CalendarDay day) =>
        Assert.Equal("••••-••-••", BirthDate.Parse(day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Value.ToString());
}
