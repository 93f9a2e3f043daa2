using System.Globalization;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The members of a question under canonical names, with texts in the dialect: the same for JSON and XML.</summary>
internal static class QuestionMembers
{
    public const string BirthRank = "rangNaissance";

    public static IEnumerable<(string Name, string Value)> Of(RegimeQuestion question, WireDates dates)
    {
        switch (question.Subject)
        {
            case RegimeSubject.ByNir byNir:
                yield return ("nir", byNir.Nir.Value);
                if (byNir.BeneficiaryBirthDate is { } birth)
                    yield return ("dateNaissanceBeneficiaire", dates.Write(birth));
                if (byNir.BeneficiaryBirthRank is { } rank)
                    yield return (BirthRank, rank.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case RegimeSubject.ByName byName:
                yield return ("nom", byName.FamilyName);
                yield return ("prenom", byName.GivenName);
                yield return ("dateNaissance", dates.Write(byName.BirthDate));
                break;
        }

        yield return ("dateSoins", dates.Write(question.CareDate));
    }
}
