using System.Globalization;
using Cdr.Contracts.Usage;

namespace Cdr.Portal.Figures;

/// <summary>The minutes of a day, those without a consultation too.</summary>
internal static class FigureMinutes
{
    public const int Shown = 24 * 60;

    public static DateTimeOffset At(UsagePoint point) => DateTimeOffset.Parse(point.At, CultureInfo.InvariantCulture);

    /// <summary>The consultations of each of the last minutes, the current one last.</summary>
    public static long[] Of(UsageLine? line, DateTimeOffset now)
    {
        var last = now.ToUnixTimeSeconds() / 60;
        var minutes = new long[Shown];
        foreach (var point in line?.Points ?? [])
        {
            var at = At(point).ToUnixTimeSeconds() / 60 - last + Shown - 1;
            if (at is >= 0 and < Shown)
                minutes[at] += point.Count.Consultations ?? 0;
        }

        return minutes;
    }
}
