using Hl7.Fhir.Model;
using Purpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;

namespace Cdr.Rights.Tests.Features;

/// <summary>Instances with every element of their R4 definition.</summary>
internal static class FhirInstances
{
    private const string Insured = "urn:uuid:1c0d3a4e-0000-4000-8000-000000000002";
    private const string Covered = "urn:uuid:1c0d3a4e-0000-4000-8000-000000000003";

    public static Bundle CompleteBundle(string insuredNir, string birthDate, string fullUrl, string reference) => new()
    {
        Type = Bundle.BundleType.Collection,
        Entry =
        [
            new Bundle.EntryComponent { FullUrl = "urn:uuid:1c0d3a4e-0000-4000-8000-000000000004", Resource = Request(reference) },
            new Bundle.EntryComponent { FullUrl = fullUrl, Resource = new Patient { Id = "enfant", BirthDate = birthDate, Gender = AdministrativeGender.Unknown } },
            new Bundle.EntryComponent { FullUrl = Insured, Resource = new Patient { Id = "parent", Identifier = [new Identifier("urn:oid:1.2.250.1.213.1.4.8", insuredNir)] } },
            new Bundle.EntryComponent { FullUrl = Covered, Resource = Coverage(reference) },
        ],
    };

    private static CoverageEligibilityRequest Request(string patient) => new()
    {
        Id = "demande-1",
        Meta = new Meta { Tag = [new Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST")] },
        Language = "fr",
        Text = Narrative("Demande de droits"),
        Identifier = [new Identifier("http://hospital.test/demandes", "D-2026-1"), new Identifier("urn:ietf:rfc:3986", "urn:uuid:1c0d3a4e-0000-4000-8000-000000000004")],
        Status = FinancialResourceStatusCodes.Active,
        Priority = Concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        Purpose = [Purpose.Validation, Purpose.Benefits],
        Patient = new ResourceReference(patient),
        Serviced = new Date("2026-11-20"),
        Created = "2026-11-25T10:00:00+01:00",
        Enterer = new ResourceReference { Identifier = new Identifier("http://hospital.test/agents", "14") },
        Provider = new ResourceReference { Display = "Centre hospitalier" },
        Insurer = new ResourceReference { Display = "Tous les régimes" },
        Facility = new ResourceReference { Identifier = new Identifier("http://hospital.test/sites", "1") },
        SupportingInfo = [new CoverageEligibilityRequest.SupportingInformationComponent { Sequence = 1, Information = new ResourceReference { Display = "Bulletin d'entrée" }, AppliesToAll = true }],
        Insurance = [new CoverageEligibilityRequest.InsuranceComponent { Focal = true, Coverage = new ResourceReference(Covered), BusinessArrangement = "tiers payant" }],
        Item =
        [
            new CoverageEligibilityRequest.DetailsComponent
            {
                SupportingInfoSequence = [1],
                Category = Concept("http://terminology.hl7.org/CodeSystem/ex-benefitcategory", "69"),
                ProductOrService = new CodeableConcept { Text = "Séjour" },
                Modifier = [new CodeableConcept { Text = "urgence" }],
                Provider = new ResourceReference { Display = "Service" },
                Quantity = new Quantity { Value = 1 },
                UnitPrice = new Money { Value = 12.5m, Currency = Money.Currencies.EUR },
                Facility = new ResourceReference { Display = "Site" },
                Diagnosis = [new CoverageEligibilityRequest.DiagnosisComponent { Diagnosis = new CodeableConcept { Text = "non transmis" } }],
                Detail = [new ResourceReference { Display = "Séjour" }],
            },
        ],
    };

    private static Coverage Coverage(string beneficiary) => new()
    {
        Id = "couverture",
        Text = Narrative("Couverture"),
        Identifier = [new Identifier("http://hospital.test/couvertures", "C-1")],
        Status = FinancialResourceStatusCodes.Active,
        Type = Concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PUBLICPOL"),
        PolicyHolder = new ResourceReference(Insured),
        Subscriber = new ResourceReference(Insured),
        Beneficiary = new ResourceReference(beneficiary),
        Dependent = "1",
        Relationship = Concept("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "child"),
        Period = new Period { Start = "2020-01-01", End = "2027-12-31" },
        Payor = [new ResourceReference { Display = "Caisse" }],
        Class = [new Coverage.ClassComponent { Type = Concept("http://terminology.hl7.org/CodeSystem/coverage-class", "group"), Value = "régime général", Name = "Groupe" }],
        Order = 1,
        Network = "aucun",
        CostToBeneficiary =
        [
            new Coverage.CostToBeneficiaryComponent
            {
                Type = Concept("http://terminology.hl7.org/CodeSystem/coverage-copay-type", "gpvisit"),
                Value = new Money { Value = 2m, Currency = Money.Currencies.EUR },
                Exception = [new Coverage.ExemptionComponent { Type = Concept("http://terminology.hl7.org/CodeSystem/ex-coverage-financial-exception", "retired"), Period = new Period { Start = "2020-01-01" } }],
            },
        ],
        Subrogation = false,
        Contract = [new ResourceReference { Display = "Contrat" }],
    };

    private static CodeableConcept Concept(string system, string code) => new() { Coding = [new Coding(system, code)] };

    private static Narrative Narrative(string text) => new() { Status = Hl7.Fhir.Model.Narrative.NarrativeStatus.Generated, Div = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>" };
}
