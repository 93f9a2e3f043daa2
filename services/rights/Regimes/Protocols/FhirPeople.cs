using System.Globalization;
using Cdr.Domain;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The people of a response: contained <c>Patient</c>s.</summary>
internal static class FhirPeople
{
    private static readonly WireDates Dates = new(DatePattern.Iso);

    public static InsuredPerson Insured(Patient patient)
    {
        _ = new FhirExtensions(patient.Extension, FhirNames.BirthDate, FhirNames.BirthRank, FhirNames.Quality);
        var name = BirthName(patient);
        return new InsuredPerson(OptionalNir(patient) ?? throw new UnreadableAnswerException("assure.nir"), name.Family, name.Given);
    }

    public static BeneficiaryPerson Beneficiary(Patient patient)
    {
        var extensions = new FhirExtensions(patient.Extension, FhirNames.BirthDate, FhirNames.BirthRank, FhirNames.Quality);
        var name = BirthName(patient);
        return new BeneficiaryPerson(
            OptionalNir(patient), name.Family, NameInUse(patient), name.Given, BirthDate(patient, extensions),
            Rank(extensions) ?? throw new UnreadableAnswerException("rangNaissance"),
            WireValues.Quality(extensions.Code(FhirNames.Quality) ?? throw new UnreadableAnswerException("qualite")));
    }

    public static RegimeCandidate Candidate(Patient patient)
    {
        var extensions = new FhirExtensions(patient.Extension, FhirNames.BirthDate, FhirNames.BirthRank, FhirNames.Quality);
        var name = BirthName(patient);
        return new RegimeCandidate(
            OptionalNir(patient), name.Family, NameInUse(patient), name.Given, BirthDate(patient, extensions), Rank(extensions));
    }

    private static Nir? OptionalNir(Patient patient) => patient.Identifier switch
    {
        [] => null,
        [{ System: FhirNames.NirSystem, Value: { } value }] => WireValues.Nir(value),
        _ => throw new UnreadableAnswerException("nir"),
    };

    private static (string Family, string Given) BirthName(Patient patient)
    {
        // A patient of one name may leave its use out.
        var name = patient.Name.Where(one => one.Use is HumanName.NameUse.Official or null).ToList() is [var only]
            ? only
            : throw new UnreadableAnswerException("nom");
        var given = string.Join(' ', name.Given);
        return string.IsNullOrWhiteSpace(name.Family) || string.IsNullOrWhiteSpace(given)
            ? throw new UnreadableAnswerException("nom")
            : (name.Family, given);
    }

    private static string? NameInUse(Patient patient) => patient.Name.Where(one => one.Use == HumanName.NameUse.Usual).ToList() switch
    {
        [] => null,
        [{ Family: { Length: > 0 } family }] => family,
        _ => throw new UnreadableAnswerException("nomUsage"),
    };

    private static BirthDate BirthDate(Patient patient, FhirExtensions extensions) =>
        (patient.BirthDate, extensions.Text(FhirNames.BirthDate)) switch
        {
            ({ } date, null) => Dates.Birth(date, "dateNaissance"),
            (null, { } lunar) => Dates.Birth(lunar, "dateNaissance"),
            _ => throw new UnreadableAnswerException("dateNaissance"),
        };

    private static BirthRank? Rank(FhirExtensions extensions) => extensions.Number(FhirNames.BirthRank) is { } rank
        ? WireValues.BirthRank(rank.ToString(CultureInfo.InvariantCulture))
        : null;
}
