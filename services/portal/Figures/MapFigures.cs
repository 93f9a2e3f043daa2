using Cdr.Contracts.Usage;

namespace Cdr.Portal.Figures;

/// <summary>What a map shows of each département, and how it is shaded.</summary>
internal static class MapFigures
{
    private const int Shades = 5;

    /// <summary>Bounds of a rate's shades, in percent: the first is below the first bound.</summary>
    public static IReadOnlyList<double> RateBounds { get; } = [25, 50, 75, 90];

    /// <summary>Of one month, by département; those without a consultation have none.</summary>
    public static IReadOnlyDictionary<string, UsageCount> Of(UsageSeries series, string month) => series.Lines
        .Select(line => (line.Key, Point: line.Points.FirstOrDefault(point => point.At == month)))
        .Where(line => !string.IsNullOrEmpty(line.Key) && line.Point is not null)
        .ToDictionary(line => line.Key!, line => line.Point!.Count, StringComparer.Ordinal);

    /// <summary>Of one phase, or of the first; by département.</summary>
    public static IReadOnlyDictionary<string, EquipmentRate> Of(CampaignRates rates, int? phase) =>
        ((rates.Phases.FirstOrDefault(one => one.Number == phase) ?? (rates.Phases is [var first, ..] ? first : null))?.Departments ?? [])
            .Where(rate => rate.Code is not null).ToDictionary(rate => rate.Code!, StringComparer.Ordinal);

    /// <summary>
    /// Bounds of the shades, the same for every month of the map, so that months can be compared: as many départements between two of them,
    /// more or less, at numbers that are easily said.
    /// </summary>
    public static IReadOnlyList<double> Bounds(UsageSeries series)
    {
        var counts = series.Lines.SelectMany(line => line.Points).Select(point => point.Count.Consultations ?? 0).Where(count => count > 0).Order().ToList();
        return counts.Count == 0 ? [] : [.. Enumerable.Range(1, Shades - 1).Select(part => Round(counts[Math.Min(counts.Count - 1, counts.Count * part / Shades)])).Distinct()];
    }

    /// <summary>1 for the lightest.</summary>
    public static int Shade(IReadOnlyList<double> bounds, double value) => 1 + bounds.Count(bound => value >= bound);

    // One or two digits, then zeros; small ones as they are, or they would fall together.
    private static double Round(long count)
    {
        if (count < 20)
            return Math.Max(2, count);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(count)) - 1);
        return Math.Round(count / unit / 5) * 5 * unit;
    }
}
