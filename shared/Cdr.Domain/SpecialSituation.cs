namespace Cdr.Domain;

/// <summary>C2S or state medical aid, as the managing organism codes it (SFG). Several may hold at once.</summary>
public sealed record SpecialSituation
{
    private SpecialSituation(string code, string label)
    {
        Code = code;
        Label = label;
    }

    public static SpecialSituation C2sManagedByCaisse1 { get; } = new("1", "Complémentaire santé solidaire gérée par la caisse");

    public static SpecialSituation C2sManagedByCaisse2 { get; } = new("2", "Complémentaire santé solidaire gérée par la caisse");

    public static SpecialSituation C2sManagedSeparately { get; } = new("3", "Complémentaire santé solidaire gérée par un organisme complémentaire");

    public static SpecialSituation Ame { get; } = new("10", "Aide médicale de l'État (AME)");

    private static ClosedSet<SpecialSituation> Known { get; } = new(
        "special-situation", "Le code de situation particulière", static one => one.Code,
        C2sManagedByCaisse1, C2sManagedByCaisse2, C2sManagedSeparately, Ame);

    public static IReadOnlyList<SpecialSituation> All => Known.All;

    /// <value>1 or 2 digits, without leading zero.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    public bool IsAme => this == Ame;

    public bool IsC2s => !IsAme;


    public static Parsed<SpecialSituation> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
