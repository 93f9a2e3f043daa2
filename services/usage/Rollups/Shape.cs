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
/// <param name="IsFine">Kept by minute and hour too.</param>
internal sealed record Shape(short Id, Dimensions Dimensions, bool IsFine)
{
    public static Shape Full { get; } = new(0, Dimensions.All, IsFine: true);

    /// <value>The smallest first. An establishment has one département and one group at a time: naming them adds no rows.</value>
    public static IReadOnlyList<Shape> Sums { get; } =
    [
        new(1, Dimensions.Function, IsFine: true),
        new(2, Dimensions.Reason, IsFine: true),
        new(3, Dimensions.Outcome | Dimensions.Source, IsFine: true),
        new(4, Dimensions.Regime, IsFine: true),
        new(5, Dimensions.Department, IsFine: true),
        new(6, Dimensions.Regime | Dimensions.Reason | Dimensions.Outcome | Dimensions.Source, IsFine: true),
        new(7, Dimensions.Department | Dimensions.Outcome | Dimensions.Source, IsFine: true),
        new(8, Dimensions.Department | Dimensions.Regime, IsFine: false),
        new(11, Dimensions.Department | Dimensions.Reason, IsFine: false),
        new(12, Dimensions.Department | Dimensions.Function, IsFine: false),
        new(9, Dimensions.Group | Dimensions.Outcome | Dimensions.Source, IsFine: false),
        new(10, Dimensions.Department | Dimensions.Group | Dimensions.Establishment, IsFine: false),
    ];

    /// <summary>The smallest that tells these apart.</summary>
    public static Shape For(Dimensions needed, Grain grain) =>
        Sums.FirstOrDefault(shape => shape.IsKept(grain) && (needed & ~shape.Dimensions) == 0) ?? Full;

    public bool IsKept(Grain grain) => IsFine || grain >= Grain.Day;
}
