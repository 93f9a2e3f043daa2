using Cdr.Usage.Calendar;
using Cdr.Usage.Counting;

namespace Cdr.Usage.Queries;

/// <summary>Hours in which somebody always asks: working days of the country, 8 to 18 in Paris. One without an answer was an outage.</summary>
internal static class ServiceHours
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>Those from one to another, included, and how many of them have an answer.</summary>
    /// <param name="from">Number of an hour (<see cref="Rollups.Periods"/>).</param>
    /// <param name="to">Number of an hour.</param>
    /// <param name="answered">Hours with an answer.</param>
    public static (long All, long Good) Between(int from, int to, IReadOnlySet<int> answered)
    {
        var (all, good) = (0L, 0L);
        for (var hour = from; hour <= to; hour++)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(hour * 3600L);
            if (TimeZoneInfo.ConvertTime(at, Paris).Hour is < 8 or >= 18 || !WorkingDays.Is("", Days.Of(at)))
                continue;
            all++;
            good += answered.Contains(hour) ? 1 : 0;
        }

        return (all, good);
    }
}
