using Cdr.Domain;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The file of a person from a <c>CoverageEligibilityResponse</c>.</summary>
internal sealed class FhirFile(WireCodes codes, OpenEndStyle openEnd)
{
    private static readonly WireDates Dates = new(DatePattern.Iso);

    public DatedRights Read(CoverageEligibilityResponse response)
    {
        var coverages = response.Contained.OfType<Coverage>().ToList();
        var known = coverages.ConvertAll(FhirCoverage.Read);
        // One file has one organism: two would leave open which of them pays.
        if (known.Distinct().ToList() is not [var coverage])
            throw new UnreadableAnswerException("organisme");
        // The insured person, the beneficiary, the coverages, and nobody else.
        if (response.Contained.Count != coverages.Count + 2)
            throw new UnreadableAnswerException("contained");

        var items = Items(response).ToLookup(Section);
        return new DatedRights
        {
            Insured = FhirPeople.Insured(Contained(response, "insured")),
            Beneficiary = FhirPeople.Beneficiary(Contained(response, "beneficiary")),
            Organism = coverage.Organism,
            ContractSpecificity = coverage.ContractSpecificity,
            BasePeriods = BasePeriods(coverages),
            Exemptions = [.. items["exonerations"].Select(item => new DatedExemption(codes.Exemption(Code(item)), Required(item)))],
            Modulations = [.. items["modulations"].Select(item => new DatedModulation(codes.Modulation(Code(item)), Required(item)))],
            Situations = [.. items["situations"].Select(Situation)],
            Maternities = [.. items["maternites"].Select(Maternity)],
            WorkAccidents = [.. items["accidentsTravail"].Select(WorkAccident)],
            Physician = items["medecinTraitant"].ToList() switch
            {
                [] => null,
                [var only] => Physician(only),
                _ => throw new UnreadableAnswerException("medecinTraitant"),
            },
        };
    }

    private static Patient Contained(CoverageEligibilityResponse response, string id) =>
        response.Contained.OfType<Patient>().Where(one => one.Id == id).ToList() is [var only]
            ? only
            : throw new UnreadableAnswerException(id);

    // A coverage without period is there only to name the organism of a file that has none.
    private List<CarePeriod> BasePeriods(List<Coverage> coverages) => coverages is [{ Period: null }]
        ? []
        : coverages.ConvertAll(one => Dated(one.Period) ?? throw new UnreadableAnswerException("droitsBase"));

    private static List<CoverageEligibilityResponse.ItemsComponent> Items(CoverageEligibilityResponse response) =>
        response.Insurance switch
        {
            // Left out it is not "no other right".
            [var only] => only.Item,
            _ => throw new UnreadableAnswerException("insurance"),
        };

    private static string Section(CoverageEligibilityResponse.ItemsComponent item) =>
        item is { ModifierExtension.Count: 0, Category.Coding: [{ System: FhirNames.Section, Code: { } section }] }
        && section is "exonerations" or "modulations" or "situations" or "maternites" or "accidentsTravail" or "medecinTraitant"
            ? section
            : throw new UnreadableAnswerException("section");

    private static FhirExtensions Extensions(CoverageEligibilityResponse.ItemsComponent item) => new(
        item.Extension, FhirNames.Period, FhirNames.ComplementaryBody, FhirNames.Participation, FhirNames.Organism, FhirNames.Date);

    private static string Code(CoverageEligibilityResponse.ItemsComponent item) =>
        item.ProductOrService?.Coding is [{ Code: { } code }] ? code : throw new UnreadableAnswerException("code");

    private CarePeriod? Dated(Period? period) => period is null
        ? null
        : WireValues.Period(
            Dates.Day(period.Start ?? throw new UnreadableAnswerException("debut"), "debut"),
            period.End is { } end ? Dates.End(end, "fin")
            : openEnd == OpenEndStyle.Absent ? null
            : throw new UnreadableAnswerException("fin"));

    private CarePeriod? Optional(CoverageEligibilityResponse.ItemsComponent item) => Dated(Extensions(item).Period(FhirNames.Period));

    private CarePeriod Required(CoverageEligibilityResponse.ItemsComponent item) =>
        Optional(item) ?? throw new UnreadableAnswerException("periode");

    private DatedMaternity Maternity(CoverageEligibilityResponse.ItemsComponent item) => new(
        Required(item), Extensions(item).Text(FhirNames.Organism) is { } code ? WireValues.Organism(code) : null);

    private DeclaredWorkAccident WorkAccident(CoverageEligibilityResponse.ItemsComponent item) => new(
        WireValues.WorkAccident(Code(item)),
        Extensions(item).Day(FhirNames.Date) is { } day ? Dates.Day(day, "accidentsTravail.date") : null,
        Optional(item)?.Start,
        Optional(item)?.End);

    private DeclaredPhysician Physician(CoverageEligibilityResponse.ItemsComponent item) => new(
        Code(item) switch
        {
            "declare" => true,
            "non-declare" => false,
            _ => throw new UnreadableAnswerException("medecinTraitant"),
        },
        item.Name,
        item.ProductOrService!.Coding[0].Display is { } number ? WireValues.Rpps(number) : null,
        Optional(item)?.Start,
        Optional(item)?.End);

    private DatedSituation Situation(CoverageEligibilityResponse.ItemsComponent item)
    {
        var extensions = Extensions(item);
        return new DatedSituation(
            codes.Situation(Code(item)),
            Required(item),
            extensions.Text(FhirNames.ComplementaryBody) is { } body ? WireValues.ComplementaryBody(body) : null,
            extensions.Flag(FhirNames.Participation));
    }
}
