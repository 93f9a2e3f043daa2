namespace Cdr.Domain;

/// <summary>What changes the rate of the <i>ticket modérateur</i> (MTM, SFG). Several may hold at once.</summary>
public sealed record Modulation
{
    private Modulation(string code, string label)
    {
        Code = code;
        Label = label;
    }

    public static Modulation WorkAccidentAnnuity { get; } = new("6", "Rente d'accident du travail");

    public static Modulation CrossBorderLocalRegime { get; } = new("7", "Régime local, travailleur frontalier");

    public static Modulation Aspa { get; } = new("8", "Allocation de solidarité aux personnes âgées (ASPA)");

    public static Modulation AlsaceMoselleLocalRegime { get; } = new("9", "Régime local d'Alsace-Moselle");

    private static ClosedSet<Modulation> Known { get; } = new(
        "modulation", "Le code de modulation du ticket modérateur", static one => one.Code,
        WorkAccidentAnnuity, CrossBorderLocalRegime, Aspa, AlsaceMoselleLocalRegime);

    public static IReadOnlyList<Modulation> All => Known.All;

    /// <value>1 digit, without leading zero.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    public static Parsed<Modulation> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
