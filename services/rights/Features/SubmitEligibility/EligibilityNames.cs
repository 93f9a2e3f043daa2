namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>Systems and extensions of <c>docs/software-clients.md</c>: what a caller meets, apart from those of the regimes' own protocol.</summary>
internal static class EligibilityNames
{
    /// <summary>NIR, NIA, and the two of test identities. A number of this service qualifies no identity (INS).</summary>
    public static readonly string[] NirSystems = ["urn:oid:1.2.250.1.213.1.4.8", "urn:oid:1.2.250.1.213.1.4.9", "urn:oid:1.2.250.1.213.1.4.10", "urn:oid:1.2.250.1.213.1.4.11"];

    public const string Uri = "urn:ietf:rfc:3986";
    public const string Relationship = "http://terminology.hl7.org/CodeSystem/subscriber-relationship";
    public const string Regime = "urn:cdr:regime";
    public const string Organism = "urn:cdr:organism";
    public const string Candidate = "urn:cdr:candidate";
    public const string Right = "urn:cdr:right";
    public const string RegimeReason = "urn:cdr:regime-reason";
    public const string Problem = "urn:cdr:problem";

    // Of the request.
    public const string Reason = "urn:cdr:fhir:reason";
    public const string CareKind = "urn:cdr:fhir:care-kind";
    public const string PrescriptionDate = "urn:cdr:fhir:prescription-date";
    public const string InsuranceNature = "urn:cdr:fhir:insurance-nature";

    /// <summary>The caller's own number of an admission: R4 has no element for the encounter of such a request.</summary>
    public const string WorkflowId = "urn:cdr:fhir:workflow-id";

    /// <summary>All of them; none of another type than code, string or date.</summary>
    public static readonly string[] OfRequest = [Reason, CareKind, PrescriptionDate, InsuranceNature, WorkflowId];

    /// <summary>Lunar dates: FHIR has no month 20.</summary>
    public const string BirthDate = "urn:cdr:fhir:birth-date";

    // Of the answer.
    public const string Outcome = "urn:cdr:fhir:outcome";
    public const string NextStep = "urn:cdr:fhir:next-step";
    public const string PickFrom = "urn:cdr:fhir:candidate";
    public const string RulesVersion = "urn:cdr:fhir:rules-version";
    public const string Freshness = "urn:cdr:fhir:freshness";
    public const string ObtainedAt = "urn:cdr:fhir:obtained-at";
    public const string ReliableUntil = "urn:cdr:fhir:reliable-until";
    public const string State = "urn:cdr:fhir:state";
    public const string Rule = "urn:cdr:fhir:rule";
    public const string Period = "urn:cdr:fhir:period";
    public const string Participation = "urn:cdr:fhir:participation";
    public const string ComplementaryBody = "urn:cdr:fhir:complementary-body";
}
