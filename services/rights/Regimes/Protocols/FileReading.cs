using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The file of a person (<c>dossier</c>) and its parts, from canonical names: the same for JSON and XML.</summary>
internal sealed class FileReading(WireDates dates, WireCodes codes, OpenEndStyle openEnd)
{
    public DatedRights File(WireNode file)
    {
        file.Only(
            "dossier",
            "assure", "beneficiaire", "organisme", "droitsBase", "exonerations", "modulations", "situations", "maternites",
            "accidentsTravail", "medecinTraitant", "specificiteContrat");
        return new DatedRights
        {
            Insured = Insured(file.Required("assure")),
            Beneficiary = Beneficiary(file.Required("beneficiaire")),
            Organism = Organism(file.Required("organisme")),
            BasePeriods = [.. file.List("droitsBase").Select(one => Period(one.Only("droitsBase", "debut", "fin")))],
            Exemptions = [.. file.List("exonerations").Select(Exemption)],
            Modulations = [.. file.List("modulations").Select(Modulation)],
            Situations = [.. file.List("situations").Select(Situation)],
            Maternities = [.. file.List("maternites").Select(Maternity)],
            WorkAccidents = [.. file.List("accidentsTravail").Select(WorkAccident)],
            Physician = file.Optional("medecinTraitant") is { } physician ? Physician(physician) : null,
            ContractSpecificity = file.OptionalText("specificiteContrat"),
        };
    }

    public RegimeCandidate Candidate(WireNode person)
    {
        person.Only("candidats", "nir", "nom", "nomUsage", "prenom", "dateNaissance", "rangNaissance");
        return new RegimeCandidate(
            OptionalNir(person),
            person.RequiredText("nom"),
            person.OptionalText("nomUsage"),
            person.RequiredText("prenom"),
            dates.Birth(person.RequiredText("dateNaissance"), "candidats.dateNaissance"),
            person.OptionalText("rangNaissance") is { } rank ? WireValues.BirthRank(rank) : null);
    }

    public DateOnly? OptionalDay(WireNode node, string name) => node.OptionalText(name) is { } text ? dates.Day(text, name) : null;

    private static InsuredPerson Insured(WireNode person)
    {
        person.Only("assure", "nir", "nom", "prenom");
        return new InsuredPerson(WireValues.Nir(person.RequiredText("nir")), person.RequiredText("nom"), person.RequiredText("prenom"));
    }

    private static FileOrganism Organism(WireNode organism)
    {
        organism.Only("organisme", "regime", "caisse", "centre", "libelle", "codeGestion", "centreGestion");
        var (regime, caisse, centre) = (
            organism.RequiredText("regime"), organism.RequiredText("caisse"), organism.RequiredText("centre"));
        if ((regime.Length, caisse.Length, centre.Length) != (2, 3, 4))
            throw new UnreadableAnswerException("organisme");
        return new FileOrganism(
            WireValues.Organism($"{regime}{caisse}{centre}"),
            organism.RequiredText("libelle"),
            organism.OptionalText("codeGestion"),
            organism.OptionalText("centreGestion"));
    }

    private static Nir? OptionalNir(WireNode person) => person.OptionalText("nir") is { } nir ? WireValues.Nir(nir) : null;

    private BeneficiaryPerson Beneficiary(WireNode person)
    {
        person.Only("beneficiaire", "nir", "nom", "nomUsage", "prenom", "dateNaissance", "rangNaissance", "qualite");
        return new BeneficiaryPerson(
            OptionalNir(person),
            person.RequiredText("nom"),
            person.OptionalText("nomUsage"),
            person.RequiredText("prenom"),
            dates.Birth(person.RequiredText("dateNaissance"), "beneficiaire.dateNaissance"),
            WireValues.BirthRank(person.RequiredText("rangNaissance")),
            WireValues.Quality(person.RequiredText("qualite")));
    }

    private CarePeriod Period(WireNode node) => WireValues.Period(dates.Day(node.RequiredText("debut"), "debut"), OptionalEnd(node));

    /// <exception cref="UnreadableAnswerException">Left out where the dialect says "no end" in so many words: closed rights would become rights without end.</exception>
    private DateOnly? OptionalEnd(WireNode node) => node.OptionalText("fin") is { } text
        ? dates.End(text, "fin")
        : openEnd == OpenEndStyle.Absent || (openEnd == OpenEndStyle.Null && node.SaysNull("fin")) || node.Optional("debut") is null
            ? null
            : throw new UnreadableAnswerException("fin");

    private DatedExemption Exemption(WireNode node)
    {
        node.Only("exonerations", "code", "debut", "fin");
        return new DatedExemption(codes.Exemption(node.RequiredText("code")), Period(node));
    }

    private DatedModulation Modulation(WireNode node)
    {
        node.Only("modulations", "code", "debut", "fin");
        return new DatedModulation(codes.Modulation(node.RequiredText("code")), Period(node));
    }

    private DatedSituation Situation(WireNode node)
    {
        node.Only("situations", "code", "debut", "fin", "organismeComplementaire", "participation");
        return new DatedSituation(
            codes.Situation(node.RequiredText("code")),
            Period(node),
            node.OptionalText("organismeComplementaire") is { } body ? WireValues.ComplementaryBody(body) : null,
            node.OptionalFlag("participation"));
    }

    private DatedMaternity Maternity(WireNode node)
    {
        node.Only("maternites", "debut", "fin", "organisme");
        return new DatedMaternity(Period(node), node.OptionalText("organisme") is { } code ? WireValues.Organism(code) : null);
    }

    private DeclaredWorkAccident WorkAccident(WireNode node)
    {
        node.Only("accidentsTravail", "numero", "date", "debut", "fin");
        return new DeclaredWorkAccident(
            WireValues.WorkAccident(node.RequiredText("numero")), OptionalDay(node, "date"), OptionalDay(node, "debut"), OptionalEnd(node));
    }

    private DeclaredPhysician Physician(WireNode node)
    {
        node.Only("medecinTraitant", "declare", "nom", "numero", "debut", "fin");
        return new DeclaredPhysician(
            node.OptionalFlag("declare") ?? throw new UnreadableAnswerException("medecinTraitant.declare"),
            node.OptionalText("nom"),
            node.OptionalText("numero") is { } number ? WireValues.Rpps(number) : null,
            OptionalDay(node, "debut"), OptionalEnd(node));
    }
}
