using Cdr.Domain;
using static Cdr.RegimeSimulator.Cases.CaseFamilies;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>Several people under one number, or one name.</summary>
internal static class FamilyCases
{
    public static IEnumerable<CasePerson> All(CaseFamilies families)
    {
        var mother = Woman("Capucine", "Mireille", "1989-03-12", "51454");
        yield return new("twins", "Jumeaux, Cnam : le rang les distingue",
            [families.Family(mother, "51", [new("cnam")], Child("Capucine", "Malo", "2019-10-02"), Child("Capucine", "Lison", "2019-10-02", 2))],
            [
                Ask.Several("cnam", mother.Nir!, "Liste de trois bénéficiaires, numéros masqués."),
                Ask.Several("cnam", mother.Nir!, "Liste des deux jumeaux.", "2019-10-02"),
                Ask.Beneficiary("cnam", mother.Nir!, "2019-10-02", 1, "Malo ; droits de base ouverts."),
                Ask.Beneficiary("cnam", mother.Nir!, "2019-10-02", 2, "Lison ; droits de base ouverts."),
                Ask.Beneficiary("cnam", mother.Nir!, "2019-10-03", null, "Assurée connue, aucun bénéficiaire né ce jour-là.") with
                {
                    Outcome = CaseOutcome.BeneficiaryUnknown, HasOpenBaseRights = null,
                },
            ]);

        var father = Man("Coquelicot", "Armel", "1986-07-02", "22278");
        yield return new("twins-msa", "Jumelles, MSA : le rang est celui de la famille",
            [families.Family(father, "22", [new("msa")],
                new Dependent(Woman("Coquelicot", "Enora", "1988-01-15", "22113"), BeneficiaryQuality.Spouse),
                Child("Coquelicot", "Nolwenn", "2017-05-21"), Child("Coquelicot", "Rozenn", "2017-05-21", 2))],
            [
                Ask.Beneficiary("msa", father.Nir!, "2017-05-21", 3, "Nolwenn ; droits de base ouverts."),
                Ask.Beneficiary("msa", father.Nir!, "2017-05-21", 4, "Rozenn ; droits de base ouverts."),
                Ask.Beneficiary("msa", father.Nir!, null, 2, "Enora, conjointe ; droits de base ouverts."),
            ]);

        var spouse = Woman("Réséda", "Alix", "1991-09-27", "45234");
        var insured = Man("Amarante", "Thibaud", "1990-06-11", "45234");
        yield return new("own-number", "Le numéro est celui du bénéficiaire",
            [families.Family(insured, "45", [new("crpcen")], new Dependent(spouse with { NameInUse = "Amarante" }, BeneficiaryQuality.CivilPartner))],
            [
                Ask.Open("crpcen", spouse.Nir!, "Alix Réséda, nom d'usage Amarante, partenaire ; l'ouvrant droit est Thibaud Amarante."),
                Ask.Beneficiary("crpcen", insured.Nir!, "1991-09-27", null, "La même."),
            ]);

        var first = Woman("Anémone", "Rachel", "1985-12-22", "06088");
        var second = Man("Basilic", "Cyrille", "1984-02-08", "06029");
        var shared = Known("Basilic", "Timothée", "2015-06-09");
        var child = new Dependent(shared, BeneficiaryQuality.Child);
        yield return new("both-parents", "Enfant rattaché à ses deux parents",
            [families.Family(first, "06", [new("cnam")], child), families.Family(second, "06", [new("cnam")], child)],
            [
                Ask.Beneficiary("cnam", first.Nir!, "2015-06-09", 1, "Timothée, sous le numéro de sa mère."),
                Ask.Beneficiary("cnam", second.Nir!, "2015-06-09", 1, "Timothée, sous le numéro de son père : situation normale."),
                Ask.ByName("cnam", shared, "Deux candidats, un par parent.", CaseOutcome.Candidates),
            ]);

        var one = Woman("Giroflée", "Marie", "1966-04-25", "14118");
        var other = Woman("Giroflée", "Marie", "1966-04-25", "61001", 902);
        yield return new("homonyms", "Homonymes nées le même jour",
            [families.Family(one, "14", [new("cnam")]), families.Family(other, "61", [new("cnam", rights => rights with { Base = [Period("2010-01-01/2020-12-31")] })])],
            [
                Ask.ByName("cnam", one, "Deux candidates, numéros masqués jusqu'au choix.", CaseOutcome.Candidates),
                Ask.Open("cnam", one.Nir!, "La première : droits de base ouverts."),
                Ask.Closed("cnam", other.Nir!, "La seconde : droits non retrouvés à cette date, la dernière période connue a pris fin le 31/12/2020."),
            ]);

        var accented = Woman("L'Haÿ-Cœurderoy", "Françoise-Noëlle", "1955-08-15", "59606") with { NameInUse = "Lœuillet" };
        yield return new("spelling", "Nom d'usage, ligatures et tréma",
            [families.Family(accented, "59", [new("canssm")])],
            [
                Ask.ByName("canssm", Known("L HAY COEURDEROY", "FRANCOISE NOELLE", "1955-08-15"), "Retrouvée sans accents ni ligatures."),
                Ask.ByName("canssm", Known("Lœuillet", "Françoise-Noëlle", "1955-08-15"), "Retrouvée par son nom d'usage."),
                Ask.Open("canssm", accented.Nir!, "Droits de base ouverts ; le nom s'affiche avec Ÿ et Œ."),
            ]);
    }

    private static Dependent Child(string family, string given, string birth, int twinRank = 1) =>
        new(Known(family, given, birth), BeneficiaryQuality.Child, twinRank);
}
