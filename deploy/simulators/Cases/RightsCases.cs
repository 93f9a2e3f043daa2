using Cdr.Domain;
using Cdr.RegimeSimulator.People;
using static Cdr.RegimeSimulator.Cases.CaseFamilies;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>One case for each kind of right besides base rights.</summary>
internal static class RightsCases
{
    public static IEnumerable<CasePerson> All(CaseFamilies families)
    {
        CasePerson One(string key, string title, SimulatedPerson person, string department, string regime,
            Func<SimulatedRights, SimulatedRights> rights, params (string? On, string Expected)[] answers) =>
            new(key, title, [families.Family(person, department, [new(regime, rights)])],
                [.. answers.Select(answer => Ask.Open(regime, person.Nir!, answer.Expected, answer.On))]);

        yield return One("c2s", "C2S gérée par la caisse, sans participation", Woman("Bruyère", "Maud", "1991-06-17", "13055"), "13",
            "cnam", rights => rights with { Situations = [C2s("1", "2024-11-01/..", false)] },
            (null, "Droits de base ouverts ; C2S gérée par la caisse (99999997), sans participation."),
            ("2024-10-31", "Droits de base ouverts ; C2S pas encore ouverte."));
        yield return One("c2s-participation", "C2S gérée par la caisse, avec participation", Man("Noisetier", "Damien", "1986-01-21", "59512"), "59",
            "cnam", rights => rights with { Situations = [C2s("2", "2023-05-01/..", true)] },
            (null, "Droits de base ouverts ; C2S gérée par la caisse (99999997), avec participation."));
        yield return One("c2s-separate", "C2S gérée séparément", Woman("Aubépine", "Clotilde", "1969-09-09", "33063"), "33",
            "mgen", rights => rights with { Situations = [C2s("3", "2024-02-01/..", true)] },
            (null, "Droits de base ouverts ; C2S gérée séparément (88888888), avec participation."));
        yield return One("c2s-closed", "C2S fermée", Man("Bourdaine", "Kévin", "1995-03-30", "80021"), "80",
            "cnam", rights => rights with { Situations = [C2s("1", "2022-04-01/2023-03-31", false)] },
            ("2022-12-15", "Droits de base ouverts ; C2S gérée par la caisse, sans participation."),
            (null, "Droits de base ouverts ; C2S non retrouvée à cette date : la dernière période connue a pris fin le 31/03/2023."));

        foreach (var (code, person, department, regime) in new[]
        {
            ("8", Woman("Cornouiller", "Simone", "1944-10-10", "42218"), "42", "cnam"),
            ("9", Man("Fougeray", "Paulin", "1952-04-18", "53130"), "53", "msa"),
            ("13", Woman("Jonquille", "Odile", "1949-12-01", "58194"), "58", "cnam"),
            ("16", Man("Néflier", "Anselme", "1961-08-08", "37261"), "37", "camieg"),
        })
            yield return One($"ald-{code}", $"Affection de longue durée, code {code}", person, department, regime,
                rights => rights with { Exemptions = [new(code, Period("2015-03-01/..")) ] },
                (null, $"Droits de base ouverts ; exonération {code} (ALD) depuis le 01/03/2015."));

        yield return One("maternity", "Maternité et ALD à la fois", Woman("Primevère", "Inès", "1996-02-14", "69266"), "69",
            "cnam", rights => rights with
            {
                Exemptions = [new("13", Period("2019-01-01/..")), new("6", Period("2026-02-01/2026-06-15"))],
                Maternities = [new(Period("2026-02-01/2026-06-15"), null)],
            },
            ("2026-04-15", "Droits de base ouverts ; exonérations 6 (maternité) et 13 (ALD) à la fois."),
            (null, "Droits de base ouverts ; exonération 13 (ALD) seule, maternité terminée le 15/06/2026."));
        yield return One("maternity-organism", "Maternité gérée par un autre organisme", Woman("Olivet", "Gwenaëlle", "1994-07-07", "56121"), "56",
            "msa", rights => rights with
            {
                Exemptions = [new("6", Period("2026-03-01/2026-07-13"))],
                Maternities = [new(Period("2026-03-01/2026-07-13"), Organism.Parse("015610000").Value)],
            },
            ("2026-05-04", "Droits de base ouverts ; maternité : l'organisme 01 561 0000 gère pendant la période."));
        yield return One("military-pension", "Pension militaire", Man("Romarin", "Gaspard", "1958-05-20", "83069"), "83",
            "cnmss", rights => rights with { Exemptions = [new("1", Period("1999-09-01/.."))] },
            (null, "Droits de base ouverts ; exonération 1 (pension militaire)."));
        yield return One("invalidity", "Invalidité", Man("Saulnier", "Casimir", "1967-11-11", "62119"), "62",
            "canssm", rights => rights with { Exemptions = [new("14", Period("2018-06-01/.."))] },
            (null, "Droits de base ouverts ; exonération 14 (invalidité)."));
        yield return One("special-care-17", "Soins particuliers exonérés, code 17", Woman("Verveine", "Flore", "2001-01-25", "87085"), "87",
            "cnam", rights => rights with { Exemptions = [new("17", Period("2023-09-01/.."))] },
            (null, "Droits de base ouverts ; exonération 17 (soins particuliers)."));
        yield return One("special-care-18", "Soins particuliers exonérés, code 18", Man("Bleuet", "Octave", "1999-08-31", "63113"), "63",
            "cavimac", rights => rights with { Exemptions = [new("18", Period("2022-01-01/.."))] },
            (null, "Droits de base ouverts ; exonération 18 (soins particuliers)."));
        yield return One("full-third-party", "Tiers payant intégral", Man("Épicéa", "Firmin", "1982-10-04", "94028"), "94",
            "cnam", rights => rights with { Exemptions = [new("1", Period("2023-01-16/.."))], ContractSpecificity = "0" },
            (null, "Tiers payant intégral, prise en charge à 100 % par le régime général, sans dépassement. Jamais nommé autrement."));
        foreach (var person in Modulated(One))
            yield return person;
    }

    private static IEnumerable<CasePerson> Modulated(MakeCase one)
    {
        yield return one("alsace-moselle", "Régime local d'Alsace-Moselle", Woman("Houblonnière", "Liesel", "1976-03-23", "67482"), "67",
            "cnam", rights => rights with { Modulations = [new("9", Period("2010-01-01/.."))] },
            (null, "Droits de base ouverts ; modulation 9 (régime local)."));
        yield return one("aspa", "Allocation de solidarité aux personnes âgées", Woman("Sarriette", "Léontine", "1943-02-02", "23096"), "23",
            "msa", rights => rights with { Modulations = [new("8", Period("2012-04-01/.."))] },
            (null, "Droits de base ouverts ; modulation 8 (ASPA)."));
        yield return one("cross-border", "Travailleur frontalier", Man("Thymeray", "Gontran", "1985-09-15", "68224"), "68",
            "cnam", rights => rights with { Modulations = [new("7", Period("2020-07-01/..")) , new("9", Period("2020-07-01/.."))] },
            (null, "Droits de base ouverts ; modulations 7 (frontalier) et 9 (régime local)."));
        yield return one("work-accident-cnam", "Accidents du travail et rente, Cnam", Man("Framboisier", "Joël", "1971-06-06", "76540"), "76",
            "cnam", rights => rights with
            {
                Modulations = [new("6", Period("2017-02-01/.."))],
                WorkAccidents =
                [
                    new(CheckedNumbers.WorkAccident(16031801), Day("2016-03-18"), Period("2016-03-18/2017-01-31")),
                    new(CheckedNumbers.WorkAccident(24090202), Day("2024-09-02"), Period("2024-09-02/..")),
                ],
            },
            (null, "Droits de base ouverts ; modulation 6 (rente) ; deux numéros d'accident du travail listés, jamais appliqués."));
        yield return one("work-accident-msa", "Accident du travail, MSA", Woman("Groseillier", "Ségolène", "1988-04-29", "47001"), "47",
            "msa", rights => rights with
            {
                WorkAccidents = [new(CheckedNumbers.WorkAccident(22051203), Day("2022-05-12"), Period("2022-05-12/2022-12-31"))],
            },
            ("2022-06-01", "Droits de base ouverts ; un numéro d'accident du travail listé, jamais appliqué."));
        yield return one("physician-dated", "Médecin traitant daté", Man("Hêtraie", "Maxence", "1992-12-12", "54395"), "54",
            "cnam", rights => rights with { AttendingPhysician = Physician("2021-03-01", null) },
            (null, "Médecin traitant déclaré depuis le 01/03/2021."),
            ("2021-02-28", "Médecin traitant indéterminé : la date précède le début de la déclaration."));
        yield return one("physician-future", "Médecin traitant dont la déclaration commence plus tard", Woman("Ivraie", "Bérénice", "1997-10-27", "86194"), "86",
            "cnam", rights => rights with { AttendingPhysician = Physician("2090-01-01", null) },
            (null, "Médecin traitant indéterminé : la déclaration commence le 01/01/2090."));
        yield return one("physician-none", "Médecin traitant non déclaré", Man("Jasmin", "Ulysse", "2000-05-05", "34172"), "34",
            "cnam", rights => rights with { AttendingPhysician = SimulatedAttendingPhysician.None },
            (null, "Droits de base ouverts ; aucun médecin traitant déclaré."));
    }

    private static SimulatedSituation C2s(string code, string period, bool participation) => new(
        code, Period(period), code == "3" ? ComplementaryBody.C2sManagedSeparately : ComplementaryBody.C2sManagedByCaisse, participation);

    private static SimulatedAttendingPhysician Physician(string start, string? end) =>
        new(true, "Dr Edmée Sauvage", CheckedNumbers.Rpps(900_001), Day(start), end is null ? null : Day(end));

    private delegate CasePerson MakeCase(string key, string title, SimulatedPerson person, string department, string regime,
        Func<SimulatedRights, SimulatedRights> rights, params (string? On, string Expected)[] answers);
}
