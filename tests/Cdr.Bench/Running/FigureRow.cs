using System.Globalization;

namespace Cdr.Bench.Running;

/// <summary>One line of the table.</summary>
/// <param name="What">Indented where it belongs to a line above.</param>
/// <param name="Figure">As it is read.</param>
/// <param name="Goal">Null where there is none: it is there to be compared with.</param>
internal sealed record FigureRow(string What, string Figure, Goal? Goal = null);

/// <summary>What a figure is held against.</summary>
/// <param name="Text">The limit.</param>
/// <param name="IsHeld">Whether this run's figure keeps it.</param>
internal sealed record Goal(string Text, bool IsHeld)
{
    /// <param name="figure">Of rounds: their median, as the table shows it.</param>
    /// <param name="most">Limit.</param>
    /// <param name="unit">Of both, with the space before it.</param>
    /// <param name="of">Which of the row's figures, with the space after it.</param>
    public static Goal AtMost(double figure, double most, string unit = "", string of = "") => new($"{of}≤ {Number(most)}{unit}", figure <= most);

    /// <param name="figure">Of rounds: their median, as the table shows it.</param>
    /// <param name="least">Limit.</param>
    /// <param name="unit">Of both, with the space before it.</param>
    public static Goal AtLeast(double figure, double least, string unit = "") => new($"≥ {Number(least)}{unit}", figure >= least);

    /// <summary>A promise rather than a speed: each round has to keep it.</summary>
    public static Goal Always(double wanted, params IEnumerable<double> figures) => new(Number(wanted), figures.All(figure => figure.Equals(wanted)));

    private static string Number(double limit) => limit.ToString("#,0.##", CultureInfo.InvariantCulture);
}
