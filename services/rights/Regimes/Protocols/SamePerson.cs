using System.Text;
using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>A file of another person than the one asked about is a wrong answer, however well formed.</summary>
internal static class SamePerson
{
    /// <exception cref="UnreadableAnswerException">The file is of somebody else.</exception>
    public static RegimeAnswer Checked(RegimeAnswer answer, RegimeSubject asked)
    {
        var rights = answer switch
        {
            RegimeAnswer.Found found => found.Rights,
            RegimeAnswer.Moved moved => moved.Rights,
            _ => null,
        };
        return rights is null || IsAbout(rights, asked) ? answer : throw new UnreadableAnswerException("beneficiaire");
    }

    private static bool IsAbout(DatedRights rights, RegimeSubject asked) => asked switch
    {
        RegimeSubject.ByNir byNir =>
            IsNir(rights, byNir.Nir)
            && (byNir.BeneficiaryBirthDate is null || byNir.BeneficiaryBirthDate == rights.Beneficiary.BirthDate)
            && (byNir.BeneficiaryBirthRank is null || byNir.BeneficiaryBirthRank == rights.Beneficiary.BirthRank),
        RegimeSubject.ByName byName =>
            byName.BirthDate == rights.Beneficiary.BirthDate
            && Folded(byName.GivenName) == Folded(rights.Beneficiary.GivenName)
            && (Folded(byName.FamilyName) == Folded(rights.Beneficiary.FamilyName) || (rights.Beneficiary.NameInUse is { } used && Folded(byName.FamilyName) == Folded(used))),
        _ => false,
    };

    // Case, accents, dashes, apostrophes and spaces do not make another person.
    private static string Folded(string name) => string.Concat(
        name.Normalize(NormalizationForm.FormD).Where(char.IsLetter).Select(char.ToUpperInvariant));

    // A provisional or migrant number may have become a permanent one since: the regime answers with the new one.
    private static bool IsNir(DatedRights rights, Nir asked) =>
        asked.Kind != NirKind.Permanent || rights.Insured.Nir == asked || rights.Beneficiary.Nir == asked;
}
