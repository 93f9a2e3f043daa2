using FsCheck.Xunit;

namespace Cdr.Domain.Tests;

[Properties(Arbitrary = [typeof(Generated)])]
public sealed class CarePeriodTests
{
    [Property]
    public void Both_ends_are_inside_and_the_days_around_are_not(Days days)
    {
        var period = CarePeriod.Create(days.First, days.Last).Value;

        Assert.True(period.Contains(days.First) && period.Contains(days.Last));
        Assert.False(period.Contains(days.First.AddDays(-1)) || period.Contains(days.Last.AddDays(1)));
    }

    [Property]
    public void A_period_without_end_never_closes(Days days)
    {
        var period = CarePeriod.Create(days.First).Value;

        Assert.True(period.Contains(days.Last) && period.Contains(DateOnly.MaxValue));
        Assert.False(period.Contains(days.First.AddDays(-1)));
    }

    [Property]
    public void Two_periods_overlap_when_the_later_start_is_in_both(Days one, Days other, bool open)
    {
        var first = CarePeriod.Create(one.First, open ? null : one.Last).Value;
        var second = CarePeriod.Create(other.First, other.Last).Value;
        var laterStart = one.First > other.First ? one.First : other.First;
        var expected = first.Contains(laterStart) && second.Contains(laterStart);

        Assert.Equal(expected, first.Overlaps(second));
        Assert.Equal(expected, second.Overlaps(first));
        Assert.True(first.Overlaps(first));
    }

    [Property]
    public void One_day_in_common_is_enough_to_overlap(Days days)
    {
        var before = CarePeriod.Create(days.First.AddDays(-10), days.First).Value;

        Assert.True(before.Overlaps(CarePeriod.Create(days.First, days.Last).Value));
        Assert.True(CarePeriod.Create(days.First).Value.Overlaps(before));
        Assert.False(before.Overlaps(CarePeriod.Create(days.First.AddDays(1)).Value));
    }

    [Property]
    public void What_is_written_reads_back(Days days, bool open)
    {
        var period = CarePeriod.Create(days.First, open ? null : days.Last).Value;

        Assert.Equal(period, CarePeriod.Parse(period.ToString()).Value);
    }

    [Property]
    public void An_end_before_the_start_is_refused(Days days) =>
        Assert.Equal("care-period-end-before-start", CarePeriod.Create(days.Last.AddDays(1), days.First).Error?.Code);

    [Theory]
    [InlineData("2026-01-01/2026-12-31", "2026-01-01/2026-12-31")]
    [InlineData(" 2026-01-01 / 2026-01-01 ", "2026-01-01/2026-01-01")]
    [InlineData("2026-01-01/..", "2026-01-01/..")]
    [InlineData("2026-01-01/", "2026-01-01/..")]
    public void The_text_is_an_ISO_interval(string text, string canonical) =>
        Assert.Equal(canonical, CarePeriod.Parse(text).Value.ToString());

    [Theory]
    [InlineData(null, "care-period-missing", null)]
    [InlineData("2026-01-01", "care-period-start", 0)]
    [InlineData("2026-13-01/..", "care-period-start", 0)]
    [InlineData("2026-01-01/2026-02-30", "care-period-end", 11)]
    [InlineData("2026-01-01/2025-12-31", "care-period-end-before-start", 11)]
    public void What_is_wrong_is_named_where_it_is(string? text, string code, int? position) =>
        Assert.Equal((code, position), (CarePeriod.Parse(text).Error?.Code, CarePeriod.Parse(text).Error?.Position));
}
