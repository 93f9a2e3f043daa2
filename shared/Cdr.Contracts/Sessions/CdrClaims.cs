namespace Cdr.Contracts.Sessions;

/// <summary>Claims of a token (ES256, five minutes).</summary>
public static class CdrClaims
{
    /// <summary>National identifier's keyed reference of the person, id of the software, or name of the service. Never a name.</summary>
    public const string Subject = "sub";

    /// <summary>Session id (UUIDv7). Absent for services.</summary>
    public const string Session = "sid";

    /// <summary>One of <see cref="SubjectKinds"/>.</summary>
    public const string Kind = "kind";

    /// <summary>One of <see cref="CdrRoles"/>.</summary>
    public const string Role = "role";

    /// <summary>FINESS géographique of the establishment the session works for.</summary>
    public const string Finess = "finess";

    /// <summary>Id of the hospital group.</summary>
    public const string Group = "group";

    /// <summary>Code of the département.</summary>
    public const string Department = "dep";

    /// <summary>The hospital's own unit.</summary>
    public const string Unit = "unit";

    /// <summary>Function: reception, emergencies, invoicing.</summary>
    public const string Function = "fn";

    /// <summary>Regime id, for a regime agent.</summary>
    public const string Regime = "regime";

    /// <summary>Régime and caisse, 5 digits, for an agent of one caisse. Absent for a regime's own staff.</summary>
    public const string Organism = "organism";
}

/// <summary>Values of <see cref="CdrClaims.Kind"/>.</summary>
public static class SubjectKinds
{
    /// <summary>A person, proven by a card.</summary>
    public const string Person = "person";

    /// <summary>A hospital's software.</summary>
    public const string Software = "software";

    /// <summary>A service of the platform.</summary>
    public const string Service = "service";
}

/// <summary>Values of <see cref="CdrClaims.Role"/>.</summary>
public static class CdrRoles
{
    /// <summary>Asks.</summary>
    public const string Clerk = "clerk";

    /// <summary>Technical referent of an establishment.</summary>
    public const string Referent = "referent";

    /// <summary>Functional correspondent of an establishment.</summary>
    public const string FunctionalCorrespondent = "functional-correspondent";

    /// <summary>Sees the establishments of a group.</summary>
    public const string GroupManager = "group-manager";

    /// <summary>Hotline agent.</summary>
    public const string Hotline = "hotline";

    /// <summary>Operations team of the platform.</summary>
    public const string Operations = "operations";

    /// <summary>Data-protection officer.</summary>
    public const string DataProtection = "data-protection";

    /// <summary>Staff of a regime.</summary>
    public const string RegimeAgent = "regime-agent";

    /// <summary>Administrator of the platform.</summary>
    public const string Administrator = "administrator";

    /// <summary>All nine.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Clerk, Referent, FunctionalCorrespondent, GroupManager, Hotline, Operations, DataProtection, RegimeAgent, Administrator];
}
