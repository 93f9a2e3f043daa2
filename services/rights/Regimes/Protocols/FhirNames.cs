namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The extensions and systems of <c>docs/regime-protocols.md</c>, <c>fhir</c>.</summary>
internal static class FhirNames
{
    /// <summary>Test identities; a real NIR has another OID (1.2.250.1.213.1.4.8).</summary>
    public const string NirSystem = "urn:oid:1.2.250.1.213.1.4.10";

    public const string Section = "urn:cdr:regime:section";

    public const string BirthDate = "urn:cdr:regime:birth-date";
    public const string BirthRank = "urn:cdr:regime:birth-rank";
    public const string Quality = "urn:cdr:regime:quality";
    public const string ManagementCode = "urn:cdr:regime:management-code";
    public const string ManagementCentre = "urn:cdr:regime:management-centre";
    public const string ContractSpecificity = "urn:cdr:regime:contract-specificity";
    public const string Period = "urn:cdr:regime:period";
    public const string ComplementaryBody = "urn:cdr:regime:complementary-body";
    public const string Participation = "urn:cdr:regime:participation";
    public const string Organism = "urn:cdr:regime:organism";
    public const string Date = "urn:cdr:regime:date";
    public const string MovedTo = "urn:cdr:regime:moved-to";
    public const string MovedSince = "urn:cdr:regime:moved-since";
}
