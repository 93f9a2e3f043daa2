using System.Globalization;
using Cdr.Usage.Counting;

namespace Cdr.Usage.Tests.Counting;

public sealed class DaysTests
{
    [Theory]
    [InlineData("2026-01-31T22:59:59Z", "2026-01-31")]
    [InlineData("2026-01-31T23:00:00Z", "2026-02-01")]
    [InlineData("2026-07-13T21:59:59Z", "2026-07-13")]
    [InlineData("2026-07-13T22:00:00Z", "2026-07-14")]
    // 29 March 2026 has 23 hours: it begins at 23:00 and ends at 22:00 UTC.
    [InlineData("2026-03-28T22:59:59Z", "2026-03-28")]
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29")]
    [InlineData("2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("2026-03-29T22:00:00Z", "2026-03-30")]
    // 25 October 2026 has 25 hours.
    [InlineData("2026-10-24T21:59:59Z", "2026-10-24")]
    [InlineData("2026-10-24T22:00:00Z", "2026-10-25")]
    [InlineData("2026-10-25T22:59:59Z", "2026-10-25")]
    [InlineData("2026-10-25T23:00:00Z", "2026-10-26")]
    // The same instant, told with another offset.
    [InlineData("2026-10-26T08:00:00+09:00", "2026-10-26")]
    public void A_day_is_one_of_paris(string instant, string day) =>
        Assert.Equal(DateOnly.Parse(day, CultureInfo.InvariantCulture), Days.Of(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));
}
