using System.Text;
using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>A file of another person than the one asked about is a wrong answer, however well formed.</summary>
internal static class SamePerson
{
    /// <exception cref="UnreadableAnswerException">The file is of somebody else.</exception>
    public static RegimeAnswer Checked(RegimeAnswer answer, RegimeSubject asked)
    {
        if (answer is RegimeAnswer.Candidates list && !list.People.All(one => IsAbout(one, asked)))
            throw new UnreadableAnswerException("candidats");
        var rights = answer switch
        {
            RegimeAnswer.Found found => found.Rights,
            RegimeAnswer.Moved moved => moved.Rights,
            _ => null,
        };
        return rights is null || IsAbout(rights, asked) ? answer : throw new UnreadableAnswerException("beneficiaire");
    }

    // What a list holds is shown to be picked from: the people of another number are nobody's business.
    private static bool IsAbout(RegimeCandidate candidate, RegimeSubject asked) => asked switch
    {
        RegimeSubject.ByNir byNir =>
            (byNir.Nir.Kind != NirKind.Permanent || candidate.Nir is null || candidate.Nir == byNir.Nir)
            && (byNir.BeneficiaryBirthDate is null || byNir.BeneficiaryBirthDate == candidate.BirthDate)
            && (byNir.BeneficiaryBirthRank is null || candidate.BirthRank is null || byNir.BeneficiaryBirthRank == candidate.BirthRank),
        RegimeSubject.ByName byName => BearsNames(byName, candidate.FamilyName, candidate.NameInUse, candidate.GivenName, candidate.BirthDate),
        _ => false,
    };

    private static bool IsAbout(DatedRights rights, RegimeSubject asked) => asked switch
    {
        RegimeSubject.ByNir byNir =>
            IsNir(rights, byNir.Nir)
            && (byNir.BeneficiaryBirthDate is null || byNir.BeneficiaryBirthDate == rights.Beneficiary.BirthDate)
            && (byNir.BeneficiaryBirthRank is null || byNir.BeneficiaryBirthRank == rights.Beneficiary.BirthRank),
        RegimeSubject.ByName byName => BearsNames(
            byName, rights.Beneficiary.FamilyName, rights.Beneficiary.NameInUse, rights.Beneficiary.GivenName, rights.Beneficiary.BirthDate),
        _ => false,
    };

    private static bool BearsNames(RegimeSubject.ByName asked, string family, string? inUse, string given, BirthDate birth) =>
        asked.BirthDate == birth
        && Folded(asked.GivenName) == Folded(given)
        && (Folded(asked.FamilyName) == Folded(family) || (inUse is not null && Folded(asked.FamilyName) == Folded(inUse)));

    // Case, accents, dashes, apostrophes, spaces and ligatures do not make another person.
    private static string Folded(string name) => string.Concat(
            name.Normalize(NormalizationForm.FormD).Where(char.IsLetter).Select(char.ToUpperInvariant))
        .Replace("Œ", "OE", StringComparison.Ordinal).Replace("Æ", "AE", StringComparison.Ordinal);

    // A provisional or migrant number may have become a permanent one since: the regime answers with the new one.
    private static bool IsNir(DatedRights rights, Nir asked) =>
        asked.Kind != NirKind.Permanent || rights.Insured.Nir == asked || rights.Beneficiary.Nir == asked;
}
