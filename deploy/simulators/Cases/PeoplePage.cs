using System.Globalization;
using System.Text;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>docs/people.md: who to type at the demonstration, and what must come back.</summary>
internal static class PeoplePage
{
    public static string Write(SimulatedPeople people)
    {
        var page = new StringBuilder("""
            # Personnes à essayer

            Page produite par `dotnet run --project deploy/simulators -- people > docs/people.md` ; ne pas la corriger à la main.

            Toutes ces personnes sont fictives (identités de test, OID 1.2.250.1.213.1.4.10). Elles existent quelles que soient
            la graine et la taille de la population simulée. Les droits ouverts n'ont pas de fin, les droits fermés le sont à une
            date passée et fixe : la page reste vraie d'année en année. Une maternité ne dure que quelques mois : elle s'essaie
            à la date des soins indiquée. La colonne « Régime » dit lequel répond ainsi quand on l'interroge. Le Sénat, l'Enim
            et MAGE refusent une date passée.

            | Cas | À saisir | Bénéficiaire | Date des soins | Régime | Réponse attendue |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var one in people.Cases)
        {
            var title = one.Title;
            foreach (var question in one.Questions)
            {
                page.Append(CultureInfo.InvariantCulture,
                    $"| {title} | {Typed(question)} | {Beneficiary(question)} | {CareDate(question)} | {question.Regime ?? "tous"} | {question.Expected} |\n");
                title = "";
            }
        }

        return page.ToString();
    }

    private static string Typed(CaseQuestion question) => question.Names is { } names
        ? $"{names.FamilyName}, {names.GivenName}, {French(names.BirthDate)}"
        : $"`{AsOnACard(Nir.Parse(question.Nir).Value)}`";

    private static string AsOnACard(Nir nir)
    {
        var number = nir.Value;
        var spaced = $"{number[0]} {number[1..3]} {number[3..5]} {number[5..7]} {number[7..10]} {number[10..]}";
        return nir.Key is null ? spaced : $"{spaced} {nir.Key}";
    }

    private static string Beneficiary(CaseQuestion question) => (question.BeneficiaryBirthDate, question.BirthRank) switch
    {
        ({ } birth, { } rank) => $"né le {French(birth)}, rang {rank}",
        ({ } birth, null) => $"né le {French(birth)}",
        (null, { } rank) => $"rang {rank}",
        _ => "",
    };

    private static string CareDate(CaseQuestion question) =>
        question.CareDate?.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) ?? "aujourd'hui";

    private static string French(BirthDate date) => $"{date.Day:00}/{date.Month:00}/{date.Year:0000}";
}
