using System.Globalization;

namespace Cdr.Bench.Running;

/// <summary>Median and spread of interleaved rounds.</summary>
internal sealed class Rounds
{
    private readonly List<double> values = [];

    public IReadOnlyList<double> Values => values;

    public double Median => Quantile(0.5);

    public void Add(double value) => values.Add(value);

    /// <summary>Round by round: the machine's drift is in both.</summary>
    public Rounds Over(Rounds other)
    {
        var ratios = new Rounds();
        foreach (var (mine, theirs) in values.Zip(other.values))
            ratios.Add(mine / theirs);
        return ratios;
    }

    public string Text(string format, string unit = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)}{unit} ({values.Min().ToString(format, CultureInfo.InvariantCulture)} – {values.Max().ToString(format, CultureInfo.InvariantCulture)})");

    private double Quantile(double part)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(part * (sorted.Count - 1) + 0.5)];
    }
}
