using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Rollups;

/// <summary>A table of counts: a cell, a period, and the measures.</summary>
/// <param name="Name">In the store.</param>
/// <param name="Grain">Of its periods.</param>
/// <param name="IsFull">Tells all dimensions apart; otherwise the sums.</param>
internal sealed record RollupTable(string Name, Grain Grain, bool IsFull)
{
    /// <value>Columns of the ranges of <see cref="Latency"/>.</value>
    public static IReadOnlyList<string> Histogram { get; } = [.. Enumerable.Range(0, Latency.Buckets).Select(n => "h" + n.ToString("D2", CultureInfo.InvariantCulture))];

    /// <value>Columns that add up: how many, how many of them on a working day of their département, how long in all, how long each.</value>
    public static IReadOnlyList<string> Measures { get; } = ["consultations", "working", "milliseconds", .. Histogram];

    public static IReadOnlyList<RollupTable> All { get; } =
    [
        new("usage_minute", Grain.Minute, IsFull: true), new("usage_hour", Grain.Hour, IsFull: true), new("usage_day", Grain.Day, IsFull: true), new("usage_month", Grain.Month, IsFull: true),
        new("sums_minute", Grain.Minute, IsFull: false), new("sums_hour", Grain.Hour, IsFull: false), new("sums_day", Grain.Day, IsFull: false), new("sums_month", Grain.Month, IsFull: false),
    ];

    public static RollupTable Of(Grain grain, Shape shape) => All.Single(table => table.Grain == grain && table.IsFull == (shape == Shape.Full));

    /// <summary>Only its columns are the model's: what reads and writes it is SQL.</summary>
    public void Map(ModelBuilder model) => model.SharedTypeEntity<Dictionary<string, object>>(Name, table =>
    {
        table.ToTable(Name);
        table.IndexerProperty<int>("cell");
        table.IndexerProperty<int>("period");
        table.IndexerProperty<long>("consultations");
        table.IndexerProperty<long>("working");
        table.IndexerProperty<long>("milliseconds");
        foreach (var column in Histogram)
            table.IndexerProperty<int>(column);
        table.HasKey("cell", "period");
    });
}
