namespace Cdr.Usage.Rollups;

/// <summary>What consultations are counted by.</summary>
[Flags]
internal enum Dimensions
{
    None = 0,
    Department = 1,
    Group = 1 << 1,
    Establishment = 1 << 2,
    Unit = 1 << 3,
    Function = 1 << 4,
    Regime = 1 << 5,
    Reason = 1 << 6,
    Outcome = 1 << 7,
    Source = 1 << 8,
    All = (1 << 9) - 1,
}

/// <summary>
/// Which dimensions a table of counts tells apart. One tells them all; the others are its sums, kept beside it with each batch, so that a
/// question about the country reads some thousand rows whatever was asked in it.
/// </summary>
/// <param name="Id">In the store: never given to another.</param>
/// <param name="Dimensions">Those it tells apart.</param>
/// <param name="Finest">Kept by that grain and all longer ones.</param>
internal sealed record Shape(short Id, Dimensions Dimensions, Grain Finest)
{
    private const Dimensions OfAnEstablishment = Dimensions.Department | Dimensions.Group | Dimensions.Establishment;

    private const Dimensions OfAQuestion = Dimensions.Function | Dimensions.Regime | Dimensions.Reason | Dimensions.Outcome | Dimensions.Source;

    public static Shape Full { get; } = new(0, Dimensions.All, Grain.Minute);

    /// <value>The smallest first. An establishment has one département and one group at a time: naming them adds no rows.</value>
    public static IReadOnlyList<Shape> Sums { get; } =
    [
        new(1, Dimensions.Function, Grain.Minute),
        new(2, Dimensions.Reason, Grain.Minute),
        new(3, Dimensions.Outcome | Dimensions.Source, Grain.Minute),
        new(4, Dimensions.Regime, Grain.Minute),
        new(5, Dimensions.Department, Grain.Minute),
        new(6, Dimensions.Regime | Dimensions.Reason | Dimensions.Outcome | Dimensions.Source, Grain.Minute),
        new(7, Dimensions.Department | Dimensions.Outcome | Dimensions.Source, Grain.Minute),
        new(8, Dimensions.Department | Dimensions.Regime, Grain.Day),
        new(11, Dimensions.Department | Dimensions.Reason, Grain.Day),
        new(12, Dimensions.Department | Dimensions.Function, Grain.Day),
        new(9, Dimensions.Group | Dimensions.Outcome | Dimensions.Source, Grain.Day),
        new(10, OfAnEstablishment, Grain.Day),
        // A group's and an establishment's own: by day there are hardly fewer of them than consultations.
        new(13, OfAnEstablishment | Dimensions.Unit | Dimensions.Function | Dimensions.Regime, Grain.Month),
        new(14, OfAnEstablishment | Dimensions.Reason | Dimensions.Outcome | Dimensions.Source, Grain.Month),
        // Whatever a page of the country, or of a département, is narrowed to.
        new(15, OfAQuestion, Grain.Day),
        new(16, Dimensions.Department | OfAQuestion, Grain.Month),
    ];

    /// <value>Of the cells, in their order.</value>
    public static IReadOnlyList<(Dimensions Dimension, string Column)> Columns { get; } =
    [
        (Dimensions.Department, "department"), (Dimensions.Group, "hospital_group"), (Dimensions.Establishment, "establishment"), (Dimensions.Unit, "unit"),
        (Dimensions.Function, "function"), (Dimensions.Regime, "regime"), (Dimensions.Reason, "reason"), (Dimensions.Outcome, "outcome"), (Dimensions.Source, "source"),
    ];

    /// <value>Unknown to the version before: <see cref="LateSums"/>.</value>
    public bool IsLate => Id > 12;

    /// <summary>The smallest that tells these apart.</summary>
    public static Shape For(Dimensions needed, Grain grain, bool withLate = true) =>
        Sums.FirstOrDefault(shape => shape.IsKept(grain) && (needed & ~shape.Dimensions) == 0 && (withLate || !shape.IsLate)) ?? Full;

    public bool IsKept(Grain grain) => grain >= Finest;
}
