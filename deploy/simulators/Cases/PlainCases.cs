namespace Cdr.RegimeSimulator.Cases;

/// <summary>One person of each regime with nothing remarkable but open rights.</summary>
internal static class PlainCases
{
    public static IEnumerable<CasePerson> All(CaseFamilies families)
    {
        (string Regime, string Name, SimulatedPerson Person, string Department)[] people =
        [
            ("cnam", "Cnam", CaseFamilies.Woman("Lavandier", "Camille", "1984-05-12", "75112"), "75"),
            ("msa", "MSA", CaseFamilies.Man("Sorbier", "Bastien", "1979-11-03", "35238"), "35"),
            ("cprpf", "CPRPF", CaseFamilies.Man("Charmoy", "Lucien", "1968-02-27", "21231"), "21"),
            ("ccas-ratp", "CCAS RATP", CaseFamilies.Woman("Peuplier", "Nadège", "1990-09-18", "93066"), "93"),
            ("enim", "Enim", CaseFamilies.Man("Ajonc", "Yann", "1975-07-30", "29019"), "29"),
            ("canssm", "CANSSM", CaseFamilies.Man("Houblon", "Stanislas", "1948-03-14", "62498"), "62"),
            ("cnmss", "CNMSS", CaseFamilies.Woman("Genévrier", "Solène", "1993-12-05", "83137"), "83"),
            ("crpcen", "CRPCEN", CaseFamilies.Woman("Tilleul", "Blandine", "1981-08-22", "69382"), "69"),
            ("assemblee-nationale", "Assemblée nationale", CaseFamilies.Man("Quintefeuille", "Aymar", "1959-01-16", "75107"), "75"),
            ("senat", "Sénat", CaseFamilies.Woman("Orgeval", "Hortense", "1957-10-09", "75106"), "75"),
            ("cavimac", "Cavimac", CaseFamilies.Man("Roseraie", "Ambroise", "1950-06-24", "49007"), "49"),
            ("mgen", "MGEN", CaseFamilies.Woman("Pervenche", "Apolline", "1987-04-02", "31555"), "31"),
            ("camieg", "Camieg", CaseFamilies.Man("Mélèze", "Régis", "1972-12-19", "38185"), "38"),
            ("mgp", "MGP", CaseFamilies.Man("Cytise", "Loïc", "1989-02-11", "13208"), "13"),
            ("interiale", "INTERIALE", CaseFamilies.Woman("Marjolaine", "Édith", "1978-05-26", "59350"), "59"),
            ("mage", "MAGE", CaseFamilies.Woman("Narcisse", "Violaine", "1983-03-08", "67482"), "70"),
            ("maee", "MAEE", CaseFamilies.Man("Églantier", "Tanguy", "1970-11-28", "44109"), "44"),
        ];
        return people.Select(one => new CasePerson(
            one.Regime, $"Assuré seul, {one.Name}", [families.Family(one.Person, one.Department, [new(one.Regime)])],
            [Ask.Open(one.Regime, one.Person.Nir!, "Droits de base ouverts ; médecin traitant déclaré, sans date.")]));
    }
}
