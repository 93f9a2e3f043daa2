namespace Cdr.Bench.Running;

/// <summary>One line of the table.</summary>
internal sealed record FigureRow(string What, string Figure, string Goal = "");

internal static class Table
{
    public static void Print(IReadOnlyList<FigureRow> rows)
    {
        Console.WriteLine();
        var (what, figure) = (rows.Max(r => r.What.Length), rows.Max(r => r.Figure.Length));
        Console.WriteLine($"| {"what".PadRight(what)} | {"figure: median (least – most)".PadRight(figure)} | goal |");
        Console.WriteLine($"| {new string('-', what)} | {new string('-', figure)} | --- |");
        foreach (var row in rows)
            Console.WriteLine($"| {row.What.PadRight(what)} | {row.Figure.PadRight(figure)} | {row.Goal} |");
    }
}

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
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Median.ToString(format, System.Globalization.CultureInfo.InvariantCulture)}{unit} ({values.Min().ToString(format, System.Globalization.CultureInfo.InvariantCulture)} – {values.Max().ToString(format, System.Globalization.CultureInfo.InvariantCulture)})");

    private double Quantile(double part)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(part * (sorted.Count - 1) + 0.5)];
    }
}
