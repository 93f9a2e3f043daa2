using System.Globalization;
using Cdr.Domain;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The question as a <c>CoverageEligibilityRequest</c>.</summary>
internal static class FhirQuestion
{
    private const string BeneficiaryId = "beneficiary";

    public static CoverageEligibilityRequest Of(RegimeQuestion question, RegimeRow regime, DateTimeOffset now) => new()
    {
        Status = FinancialResourceStatusCodes.Active,
        Purpose = [CoverageEligibilityRequest.EligibilityRequestPurpose.Benefits],
        CreatedElement = new FhirDateTime(now),
        Serviced = new Date(Iso(question.CareDate)),
        Insurer = new ResourceReference { Display = regime.Name },
        Patient = new ResourceReference($"#{BeneficiaryId}"),
        Contained = [.. People(question.Subject)],
    };

    private static IEnumerable<Patient> People(RegimeSubject subject)
    {
        var beneficiary = new Patient { Id = BeneficiaryId };
        switch (subject)
        {
            case RegimeSubject.ByNir byNir:
                yield return new Patient { Id = "insured", Identifier = [new Identifier(FhirNames.NirSystem, byNir.Nir.Value)] };
                if (byNir.BeneficiaryBirthDate is { } birth)
                    SetBirthDate(beneficiary, birth);
                if (byNir.BeneficiaryBirthRank is { } rank)
                    beneficiary.Extension.Add(new Extension(FhirNames.BirthRank, new Integer(rank.Value)));
                break;
            case RegimeSubject.ByName byName:
                beneficiary.Name =
                    [new HumanName { Use = HumanName.NameUse.Official, Family = byName.FamilyName, Given = [byName.GivenName] }];
                SetBirthDate(beneficiary, byName.BirthDate);
                break;
        }

        yield return beneficiary;
    }

    // FHIR has no date with a month 20 or a day 00.
    private static void SetBirthDate(Patient patient, BirthDate birth)
    {
        if (birth.IsLunar)
            patient.Extension.Add(new Extension(FhirNames.BirthDate, new FhirString(birth.Iso)));
        else
            patient.BirthDate = birth.Iso;
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
