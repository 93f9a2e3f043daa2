namespace Cdr.Domain;

/// <summary>The insurance that care is charged to (B2 standard, SFG). Stated by the caller.</summary>
public sealed record InsuranceNature
{
    private InsuranceNature(string code, string label)
    {
        Code = code;
        Label = label;
    }

    public static InsuranceNature Illness { get; } = new("10", "Maladie");

    public static InsuranceNature LocalRegime { get; } = new("13", "Régime local d'Alsace-Moselle");

    public static InsuranceNature Maternity { get; } = new("30", "Maternité");

    public static InsuranceNature WorkAccident { get; } = new("41", "Accident du travail ou maladie professionnelle (AT/MP)");

    public static InsuranceNature Prevention { get; } = new("90", "Prévention");

    private static ClosedSet<InsuranceNature> Known { get; } = new(
        "insurance-nature", "Le code de nature d'assurance", static one => one.Code,
        Illness, LocalRegime, Maternity, WorkAccident, Prevention);

    public static IReadOnlyList<InsuranceNature> All => Known.All;

    /// <value>2 digits.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    public static Parsed<InsuranceNature> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
