using Cdr.Contracts.Rights;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>One affiliation: an insurance of the response, with its <c>Coverage</c> and persons contained.</summary>
internal static class InsuranceWriting
{
    public static void Add(CoverageEligibilityResponse response, Affiliation affiliation, int number, bool benefits)
    {
        var (patient, insured) = (affiliation.Beneficiary, affiliation.Insured);
        var (patientId, insuredId) = ($"beneficiary-{number}", insured.IsPatient ? $"beneficiary-{number}" : $"insured-{number}");
        var beneficiary = new Patient
        {
            Id = patientId,
            Identifier = Numbers(patient.Nir, patient.NirKey),
            Name = FhirValues.Names(patient.FamilyName, patient.GivenName, patient.NameInUse),
            MultipleBirth = new Integer(patient.BirthRank),
        };
        FhirValues.SetBirthDate(beneficiary, patient.BirthDate);
        response.Contained.Add(beneficiary);
        if (!insured.IsPatient)
            response.Contained.Add(new Patient { Id = insuredId, Identifier = Numbers(insured.Nir, insured.NirKey), Name = FhirValues.Names(insured.FamilyName, insured.GivenName, null) });

        var coverage = new Coverage
        {
            Id = $"coverage-{number}",
            Status = FinancialResourceStatusCodes.Active,
            Type = new CodeableConcept { Coding = [new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PUBLICPOL")], Text = "Assurance maladie obligatoire" },
            Beneficiary = new ResourceReference("#" + patientId),
            Subscriber = new ResourceReference("#" + insuredId),
            SubscriberId = insured.Nir,
            Relationship = new CodeableConcept { Text = patient.QualityLabel },
            Period = BenefitPeriod(affiliation),
            Payor =
            [
                new ResourceReference
                {
                    Identifier = new Identifier(EligibilityNames.Organism, $"{affiliation.Organism.RegimeCode}{affiliation.Organism.Caisse}{affiliation.Organism.Centre}"),
                    Display = affiliation.Organism.Label,
                },
                FhirValues.Regime(affiliation.Source.Regime, affiliation.Source.Name),
            ],
        };
        response.Contained.Add(coverage);
        response.Insurance.Add(new CoverageEligibilityResponse.InsuranceComponent
        {
            Coverage = new ResourceReference("#" + coverage.Id),
            Inforce = InForce(affiliation),
            BenefitPeriod = BenefitPeriod(affiliation),
            Item = benefits ? [.. BenefitItems.Of(affiliation)] : [],
            Extension = [.. Source(affiliation.Source)],
        });
    }

    /// <summary>State medical aid covers as base rights do; where a person has to decide it is neither in force nor not.</summary>
    private static bool? InForce(Affiliation affiliation) => (affiliation.BaseRights.State, affiliation.Ame.State) switch
    {
        (RightState.Open, _) or (_, RightState.Open) => true,
        (RightState.Undetermined, _) or (_, RightState.Undetermined) => null,
        _ => false,
    };

    private static Period? BenefitPeriod(Affiliation affiliation)
    {
        var covers = affiliation.BaseRights.State != RightState.Open && affiliation.Ame.State == RightState.Open ? affiliation.Ame : affiliation.BaseRights;
        return FhirValues.Period(covers.Start, covers.End);
    }

    private static IEnumerable<Extension> Source(AffiliationSource source)
    {
        yield return new Extension(EligibilityNames.Freshness, new Code(FhirValues.Name(source.Freshness)));
        yield return new Extension(EligibilityNames.ObtainedAt, new Instant(source.ObtainedAt));
        if (source.ReliableUntil is { } until)
            yield return new Extension(EligibilityNames.ReliableUntil, new Instant(until));
    }

    // Without a system: what a regime knows qualifies no identity (INS).
    private static List<Identifier> Numbers(string? nir, string? key) => nir is null ? [] : [new Identifier(null, nir + key) { Type = new CodeableConcept { Text = "NIR connu du régime" } }];
}
