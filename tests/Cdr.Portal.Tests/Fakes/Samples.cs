using Cdr.Contracts.Rights;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Answers as Rights gives them.</summary>
public static class Samples
{
    public const string Nir = "2550814168025";

    private static readonly (string Id, string Name, string Short, bool Names, bool Past)[] Registry =
    [
        ("cnam", "Caisse nationale de l'assurance maladie", "Cnam", true, true), ("msa", "Mutualité sociale agricole", "MSA", true, true),
        ("cprpf", "Caisse de prévoyance et de retraite du personnel ferroviaire", "CPRPF", true, true), ("ccas-ratp", "Caisse de coordination aux assurances sociales de la RATP", "CCAS RATP", false, true),
        ("enim", "Établissement national des invalides de la marine", "Enim", true, false), ("canssm", "Sécurité sociale dans les mines", "CANSSM", true, true),
        ("cnmss", "Caisse nationale militaire de sécurité sociale", "CNMSS", true, true), ("crpcen", "Caisse de retraite et de prévoyance des clercs et employés de notaires", "CRPCEN", true, true),
        ("assemblee-nationale", "Assemblée nationale", "Assemblée nationale", false, true), ("senat", "Sénat", "Sénat", false, false),
        ("cavimac", "Caisse d'assurance vieillesse, invalidité et maladie des cultes", "Cavimac", true, true), ("mgen", "Mutuelle générale de l'Éducation nationale", "MGEN", true, true),
        ("camieg", "Caisse d'assurance maladie des industries électriques et gazières", "Camieg", true, true), ("mgp", "La Mutuelle générale des forces de sécurité", "MGP", false, true),
        ("interiale", "INTERIALE, mutuelle de la police et des préfectures", "INTERIALE", true, true), ("mage", "MAGE, mutuelle de l'éducation, santé, prévoyance et plus", "MAGE", true, false),
        ("maee", "Mutuelle des affaires étrangères et européennes", "MAEE", true, true),
    ];

    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 9, 30, 0, TimeSpan.Zero);

    public static IReadOnlyList<RegimeInfo> Regimes { get; } = [.. Registry.Select(r => new RegimeInfo
    {
        Id = r.Id, Name = r.Name, ShortName = r.Short, Codes = ["01"], SearchByName = r.Names, PastDates = r.Past, WorkAccidents = r.Id is "cnam" or "msa",
        Health = r.Id == "mgen" ? "down" : r.Id == "senat" ? "closed" : "up", Since = Now.AddHours(-2), ClosedDaily = r.Id == "senat" ? ["23:00–05:00"] : [],
    })];

    public static Statement Paper(Guid consultation) => new()
    {
        Consultation = consultation,
        Code = "7K2QM-0X4TB-9FRWC-H5N8V-E3JD0",
        AnsweredAt = Now,
        MadeAt = Now,
        TimeZone = "Europe/Paris",
        Title = "Relevé de consultation des droits",
        Worth = "Ce relevé de consultation ne vaut ni attestation de droits ni accord de prise en charge.",
        Warnings = ["Une réponse ancienne ne vaut pas preuve."],
        Reference = [new("Code de vérification", "7K2QM-0X4TB-9FRWC-H5N8V-E3JD0")],
        Sections =
        [
            new() { Source = "Cnam", Title = "Droits de base", Freshness = Freshness.Stale, FreshnessText = "Réponse ancienne.", Lines = [new("Ouvert", "Droits de base ouverts.")] },
            new() { Source = "Cnam", Title = "Aide médicale de l’État (AME)", Freshness = Freshness.Stale, FreshnessText = "Réponse ancienne.", Folded = true, Lines = [new(null, "Ce que le suivant ne lit pas.")] },
        ],
    };

    public static ConsultationAnswer For(ConsultationRequest question) => question switch
    {
        { Candidate: not null } => Found(child: true),
        { Nir: { } nir } when nir.StartsWith('1') => NotFound(),
        { Names.FamilyName: "Incomplet" } => Incomplete(),
        { Names: not null } => Candidates(),
        _ => Found(),
    };

    public static ConsultationAnswer Found(bool child = false, Freshness freshness = Freshness.Live) => Base(ConsultationOutcome.Found, "Droits ouverts", "La Cnam connaît le patient : ses droits de base sont ouverts à la date des soins.", "cnam") with
    {
        NextSteps = ["Reportez régime, caisse et centre dans le dossier.", "Invitez le patient à mettre à jour sa carte Vitale."],
        Affiliations = [Affiliation("cnam", "Caisse nationale de l'assurance maladie", child, freshness)],
    };

    public static ConsultationAnswer Several() => Base(ConsultationOutcome.Several, "À vérifier", "Deux régimes connaissent le patient.", "cnam", "msa") with
    {
        Affiliations = [Affiliation("cnam", "Caisse nationale de l'assurance maladie", true, Freshness.Live), Affiliation("msa", "Mutualité sociale agricole", true, Freshness.Cached)],
    };

    public static ConsultationAnswer NotFound() => Base(ConsultationOutcome.NotFound, "À vérifier", "Droits non retrouvés à cette date par les régimes interrogés. Cela ne prouve pas l'absence de droits et ne justifie jamais un refus de soins.") with
    {
        NextSteps = ["Vérifiez l'identité du patient.", "Mettez d'abord la carte Vitale à jour.", "Orientez vers le service social ou la PASS."],
    };

    public static ConsultationAnswer Incomplete() => NotFound() with { Outcome = ConsultationOutcome.Incomplete, Explanation = "Un régime n'a pas pu répondre.", Missing = ["MGEN"] };

    public static ConsultationAnswer Candidates() => Base(ConsultationOutcome.Candidates, "À vérifier", "Plusieurs personnes correspondent.") with
    {
        Candidates =
        [
            new Candidate { Reference = "ref-1", Regime = "cnam", FamilyName = "DURAND", GivenName = "Léa", BirthDate = "2019-04-02", BirthRank = 1 },
            new Candidate { Reference = "ref-2", Regime = "cnam", FamilyName = "DURAND", NameInUse = "MOREL", GivenName = "Léa", BirthDate = "1950-20-00", BirthRank = 1 },
        ],
    };

    public static Affiliation Affiliation(string id, string name, bool child, Freshness freshness) => new()
    {
        Source = new AffiliationSource { Regime = id, Name = name, Freshness = freshness, ObtainedAt = Now.AddHours(-3), AgeSeconds = freshness == Freshness.Live ? 0 : 10800 },
        Beneficiary = new Beneficiary { Nir = child ? null : Nir, NirKey = child ? null : "38", FamilyName = "DURAND", GivenName = child ? "Léa" : "Jeanne", BirthDate = child ? "2019-04-02" : "1955-08-11", BirthRank = 1, Quality = child ? "child" : "insured", QualityLabel = child ? "Enfant" : "Assuré" },
        Insured = new Insured { Nir = Nir, NirKey = "38", FamilyName = "DURAND", GivenName = "Jeanne", IsPatient = !child },
        Organism = new ManagingOrganism("01", "591", "0000", "CPAM des Flandres", "10", "591"),
        BaseRights = Open("Droits de base ouverts à la date des soins.") with { Start = new DateOnly(2024, 1, 1) },
        C2s = Open("Complémentaire santé solidaire sans participation.") with { WithParticipation = false, ComplementaryBody = "99999997", Start = new DateOnly(2026, 2, 1), End = new DateOnly(2027, 1, 31) },
        Ame = Open("Sans objet.") with { State = RightState.Closed },
        Exemptions = [Open("Exonération du ticket modérateur.") with { Code = "13", Label = "Affection de longue durée (ALD)" }],
        Modulations = [],
        Maternity = Open("Pas d'assurance maternité connue.") with { State = RightState.Closed },
        AttendingPhysician = new AttendingPhysician(RightState.Open, "Médecin traitant déclaré.", "CDR-MT", "Dr Alix Bernard", "591000001", new DateOnly(2020, 5, 4), null),
        WorkAccidents = id is "cnam" ? [new WorkAccident("123456782", new DateOnly(2025, 3, 3), null, null)] : null,
        FullThirdPartyPayment = null,
    };

    private static Conclusion Open(string sentence) => new() { State = RightState.Open, Sentence = sentence, Rule = "SFG-BS 4.2" };

    private static ConsultationAnswer Base(ConsultationOutcome outcome, string headline, string explanation, params string[] found) => new()
    {
        Id = Guid.Empty, AnsweredAt = Now, CareDate = new DateOnly(2026, 11, 23), Reason = "emergency", Outcome = outcome, Headline = headline, Explanation = explanation,
        NextSteps = [], RulesVersion = "2026.1", Affiliations = [], Candidates = [], Missing = [],
        Regimes = [.. Registry.Select(r => new RegimeState { Regime = r.Id, Name = r.Short, Outcome = found.Contains(r.Id) ? RegimeOutcome.Found : r.Id == "mgen" ? RegimeOutcome.Unavailable : RegimeOutcome.Unknown, Message = found.Contains(r.Id) ? "A répondu." : r.Id == "mgen" ? "Ne répond pas : ni assuré, ni non assuré." : "Ne connaît pas cette personne.", Milliseconds = 20 })],
    };
}
