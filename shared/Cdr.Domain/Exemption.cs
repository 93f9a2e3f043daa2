namespace Cdr.Domain;

/// <summary>Why the <i>ticket modérateur</i> is not charged (ETM, SFG). Several may hold at once.</summary>
public sealed record Exemption
{
    private Exemption(string code, string label, ExemptionGround ground)
    {
        Code = code;
        Label = label;
        Ground = ground;
    }

    public static Exemption MilitaryPension { get; } = new("1", "Pension militaire", ExemptionGround.MilitaryPension);

    public static Exemption Maternity { get; } = new("6", "Maternité", ExemptionGround.Maternity);

    public static Exemption LongTermIllness8 { get; } = new("8", "Affection de longue durée (ALD)", ExemptionGround.LongTermIllness);

    public static Exemption LongTermIllness9 { get; } = new("9", "Affection de longue durée (ALD)", ExemptionGround.LongTermIllness);

    public static Exemption LongTermIllness13 { get; } = new("13", "Affection de longue durée (ALD)", ExemptionGround.LongTermIllness);

    public static Exemption Invalidity { get; } = new("14", "Invalidité", ExemptionGround.Invalidity);

    public static Exemption LongTermIllness16 { get; } = new("16", "Affection de longue durée (ALD)", ExemptionGround.LongTermIllness);

    public static Exemption SpecialCare17 { get; } = new("17", "Soins particuliers exonérés", ExemptionGround.SpecialCare);

    public static Exemption SpecialCare18 { get; } = new("18", "Soins particuliers exonérés", ExemptionGround.SpecialCare);

    private static ClosedSet<Exemption> Known { get; } = new(
        "exemption", "Le code d'exonération du ticket modérateur", static one => one.Code,
        MilitaryPension, Maternity, LongTermIllness8, LongTermIllness9, LongTermIllness13, Invalidity,
        LongTermIllness16, SpecialCare17, SpecialCare18);

    public static IReadOnlyList<Exemption> All => Known.All;

    /// <value>1 or 2 digits, without leading zero.</value>
    public string Code { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    /// <value>What the codes of one ground have in common.</value>
    public ExemptionGround Ground { get; }

    public static Parsed<Exemption> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Code;
}
