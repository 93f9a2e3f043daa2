using Cdr.Domain;
using static Cdr.RegimeSimulator.Cases.CaseFamilies;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>Rights that opened, closed and moved; numbers that are not ordinary ones.</summary>
internal static class HistoryCases
{
    public static IEnumerable<CasePerson> All(CaseFamilies families)
    {
        var closed = Man("Lierre", "Sylvain", "1988-08-19", "75114");
        yield return new("closed", "Droits fermés", [families.Family(closed, "75", [new("cnam", Base("2012-01-01/2021-12-31"))])],
        [
            Ask.Open("cnam", closed.Nir!, "Droits de base ouverts à cette date.", "2021-12-31"),
            Ask.Closed("cnam", closed.Nir!, "Connu, droits non retrouvés à cette date : la dernière période connue a pris fin le 31/12/2021. Jamais « inconnu »."),
        ]);

        var reopened = Woman("Myrtille", "Aglaé", "1973-04-13", "12202");
        yield return new("reopened", "Droits fermés puis rouverts",
            [families.Family(reopened, "12", [new("crpcen", Base("2011-01-01/2019-06-30", "2020-02-01/.."))])],
            [
                Ask.Open("crpcen", reopened.Nir!, "Droits de base ouverts."),
                Ask.Closed("crpcen", reopened.Nir!, "Droits de base fermés à cette date, entre deux périodes.", "2019-10-01"),
            ]);

        var moved = Man("Troène", "Fulbert", "1977-01-31", "64445");
        yield return new("moved", "Muté de la Cnam à la MSA", [families.Family(moved, "64",
        [
            new("cnam", Base("2010-01-01/2023-06-30"), "msa", Day("2023-07-01")), new("msa", Base("2023-07-01/..")),
        ])],
        [
            Ask.Moved("cnam", moved.Nir!, "Muté : la MSA gère depuis le 01/07/2023."),
            Ask.Open("msa", moved.Nir!, "Droits de base ouverts."),
            Ask.Open("cnam", moved.Nir!, "Droits de base ouverts à cette date, à la Cnam.", "2023-03-15"),
            Ask.Closed("msa", moved.Nir!, "Connu, droits de base pas encore ouverts à cette date.", "2023-03-15"),
        ]);

        var left = Woman("Digitale", "Ondine", "1990-02-20", "72181");
        yield return new("left", "Parti d'un régime qui ne sait pas où", [families.Family(left, "72",
            [new("cprpf", Base("2010-01-01/2022-08-31")), new("cnam", Base("2022-09-01/.."))])],
        [
            Ask.Closed("cprpf", left.Nir!, "Connu, droits non retrouvés à cette date : la dernière période connue a pris fin le 31/08/2022."),
            Ask.Open("cnam", left.Nir!, "Droits de base ouverts."),
            Ask.Open("cprpf", left.Nir!, "Droits de base ouverts à cette date.", "2022-08-31"),
        ]);

        var both = Man("Chèvrefeuille", "Prosper", "1980-12-07", "26362");
        yield return new("two-regimes", "Deux régimes à la fois", [families.Family(both, "26", [new("cnam"), new("msa", Base("2018-01-01/.."))])],
        [
            Ask.Open("cnam", both.Nir!, "Droits de base ouverts."),
            Ask.Open("msa", both.Nir!, "Droits de base ouverts aussi : les deux réponses s'affichent quand tous les régimes sont interrogés (case « tous », ou motif « facture rejetée »)."),
        ]);

        var ame = Woman("Violette", "Mariam", "1993-06-30", "99335");
        yield return new("ame", "Aide médicale de l'État", [families.Family(ame, "93", [new("cnam", Ame)])],
        [
            Ask.Closed("cnam", ame.Nir!, "AME ouverte (75500017) ; pas de droits de base, pas de carte Vitale."),
        ]);

        foreach (var person in Numbers(families))
            yield return person;
    }

    private static IEnumerable<CasePerson> Numbers(CaseFamilies families)
    {
        CasePerson Number(string key, string title, SimulatedPerson person, string department, string regime, string expected) =>
            new(key, title, [families.Family(person, department, [new(regime)])], [Ask.Open(regime, person.Nir!, expected)]);

        yield return Number("provisional", "Numéro provisoire",
            Known("Cardamome", "Idriss", "1998-04-04") with { Nir = "7198049300901" }, "93", "cnam",
            "Droits de base ouverts ; le numéro provisoire, sans clé, est une question valable.");
        yield return Number("provisional-msa", "Numéro provisoire de la MSA",
            Known("Coriandre", "Adriana", "1987-09-23") with { Nir = "5555550047902" }, "30", "msa",
            "Droits de base ouverts ; numéro sans clé.");
        yield return Number("migrant", "Migrant de passage",
            Known("Estragon", "Piotr", "1985-05-16") with { Nir = "5185056600903" }, "66", "cnam",
            "Droits de base ouverts ; migrant de passage, numéro sans clé.");
        yield return Number("corsica", "Née en Corse après 1975", Woman("Cédratier", "Letizia", "1982-07-21", "2A004"), "2A", "cnam",
            "Droits de base ouverts ; le A du numéro se tape tel quel.");
        yield return Number("overseas", "Née outre-mer", Woman("Vanillier", "Maëva", "1994-11-14", "97411"), "974", "cnam",
            "Droits de base ouverts ; caisse de La Réunion.");
        yield return Number("lunar", "Date de naissance lunaire",
            Man("Dattier", "Slimane", "1950-20-00", "99352") , "13", "cnam",
            "Droits de base ouverts ; la date 1950-20-00 est gardée telle quelle.") is var lunar
            ? lunar with { Questions = [.. lunar.Questions, Ask.Beneficiary("cnam", lunar.Nir, "1950-20-00", null, "Retrouvé aussi par sa date de naissance.")] }
            : lunar;

        const string Nobody = "1850575113999";
        yield return new("unknown", "Inconnu de tous les régimes", [],
            [Ask.Unknown(Nobody, "Droits non retrouvés à cette date par les régimes interrogés ; ne prouve pas l'absence de droits.")]);
    }

    // AME excludes the rest: no base rights beside it.
    private static SimulatedRights Ame(SimulatedRights rights) => rights with
    {
        Base = [],
        AttendingPhysician = null,
        Situations = [new("10", Period("2024-03-01/.."), ComplementaryBody.Ame, null)],
    };

    private static Func<SimulatedRights, SimulatedRights> Base(params string[] periods) =>
        rights => rights with { Base = [.. periods.Select(Period)] };
}
