namespace Cdr.Domain;

/// <summary>What a beneficiary is to the insured person (API Droits).</summary>
public sealed record BeneficiaryQuality
{
    private BeneficiaryQuality(string code, string label)
    {
        Code = code;
        Label = label;
    }

    public static BeneficiaryQuality Insured { get; } = new("insured", "Assuré");

    public static BeneficiaryQuality Partner { get; } = new("partner", "Concubin ou concubine");

    public static BeneficiaryQuality ExPartner { get; } = new("ex-partner", "Ancien concubin ou ancienne concubine");

    public static BeneficiaryQuality CivilPartner { get; } = new("civil-partner", "Partenaire de Pacs");

    public static BeneficiaryQuality ExCivilPartner { get; } = new("ex-civil-partner", "Ancien partenaire de Pacs");

    public static BeneficiaryQuality Spouse { get; } = new("spouse", "Conjoint ou conjointe");

    public static BeneficiaryQuality Separated { get; } = new("separated", "Conjoint séparé ou conjointe séparée");

    public static BeneficiaryQuality Divorced { get; } = new("divorced", "Conjoint divorcé ou conjointe divorcée");

    public static BeneficiaryQuality Widowed { get; } = new("widowed", "Veuf ou veuve");

    public static BeneficiaryQuality Parent { get; } = new("parent", "Parent");

    public static BeneficiaryQuality Child { get; } = new("child", "Enfant");

    public static BeneficiaryQuality Other { get; } = new("other", "Autre");

    private static ClosedSet<BeneficiaryQuality> Known { get; } = new(
        "beneficiary-quality", "Le code de qualité du bénéficiaire", static one => one.Code,
        Insured, Partner, ExPartner, CivilPartner, ExCivilPartner, Spouse, Separated, Divorced, Widowed, Parent,
        Child, Other);

    public static IReadOnlyList<BeneficiaryQuality> All => Known.All;

    /// <value>Kebab-case, the platform's own: regimes code it each in their way.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    public static Parsed<BeneficiaryQuality> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
