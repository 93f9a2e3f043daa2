namespace Cdr.Domain;

/// <summary>What several exemption codes have in common (SFG).</summary>
public enum ExemptionGround
{
    MilitaryPension,
    Maternity,

    /// <summary>ALD: codes 8, 9, 13, 16.</summary>
    LongTermIllness,
    Invalidity,

    /// <summary>Exempted special care: codes 17, 18.</summary>
    SpecialCare,
}
