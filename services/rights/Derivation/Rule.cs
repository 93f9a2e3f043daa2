namespace Cdr.Rights.Derivation;

/// <summary>Numbers of the rules that decide, as the hospital billing specification (SFG) gives them.</summary>
internal static class Rule
{
    /// <summary>The reference date follows from the kind of care.</summary>
    public const string Reference = "CF600";

    /// <summary>Base rights are open if and only if the reference date is inside a period of rights.</summary>
    public const string BaseRights = "CF611";

    /// <summary>Several special situations may hold at once.</summary>
    public const string Situations = "CF612";

    /// <summary>Several exemptions and modulations may hold at once.</summary>
    public const string Exemptions = "CF613";

    /// <summary>Médecin traitant.</summary>
    public const string Physician = "CF614";

    /// <summary>The maternity organism manages inside its period.</summary>
    public const string Maternity = "CF692";

    /// <summary>Of two situations, at prescription and at execution, the one most favourable to the patient.</summary>
    public const string MostFavourable = "CP01";

    /// <summary>Precedence of full cover; AME excludes the rest.</summary>
    public const string FullCover = "VF";

    /// <summary>Of this platform: a passing migrant is known by the number.</summary>
    public const string PassingMigrant = "MIGRANT";

    /// <summary>Ends further than one year ahead are not known (API Droits).</summary>
    public const string Horizon = "API-DROITS";
}
