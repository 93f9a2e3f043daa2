using System.Globalization;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Inquiry;

/// <summary>The sentences of an answer. The headline may be read by whoever stands at the desk.</summary>
internal static class AnswerWords
{
    /// <summary>Words of the field for closed or not found.</summary>
    public const string NotFoundAtThisDate = "Droits non retrouvés à cette date par les régimes interrogés. Cela ne prouve pas l'absence de droits et ne justifie jamais un refus de soins.";

    private const string AskLater = "Redemandez dans quelques minutes ; les régimes manquants sont nommés.";

    /// <summary>Base rights, or state medical aid in their place.</summary>
    public static bool IsOpen(Affiliation affiliation) => affiliation.BaseRights.State == RightState.Open || affiliation.Ame.State == RightState.Open;

    /// <summary>Whether an answer says « Droits ouverts »: one file that is no old reply, and nobody else who may be meant.</summary>
    public static bool SaysOpen(ConsultationAnswer answer) =>
        answer.Outcome == ConsultationOutcome.Found && answer.Affiliations.Count(file => IsOpen(file) && file.Source.Freshness != Freshness.Stale) == 1;

    public static string Headline(ConsultationOutcome outcome, bool open) => open ? "Droits ouverts" : outcome == ConsultationOutcome.Candidates ? "Choisissez la personne" : "À vérifier";

    public static string Explanation(
        Question question, ConsultationOutcome outcome, IReadOnlyList<Affiliation> affiliations, int open, Gaps gaps, DeadEnd? deadEnd, bool beneficiaryUnknown, int notNeeded) =>
        Explanation(question, outcome, affiliations, open, gaps, deadEnd, beneficiaryUnknown) + NotByNames(open, gaps) + notNeeded switch
        {
            0 => "",
            1 => " La recherche s'est arrêtée là : un régime n'a pas été interrogé.",
            _ => $" La recherche s'est arrêtée là : {notNeeded} régimes n'ont pas été interrogés.",
        };

    // With something open they change nothing; without, one of them may know the person.
    private static string NotByNames(int open, Gaps gaps) => open > 0 || gaps.NoNames.Count == 0
        ? ""
        : $" {Starting(gaps.NoNames)} ne se {(gaps.NoNames.Count > 1 ? "recherchent" : "recherche")} pas par nom et {(gaps.NoNames.Count > 1 ? "n'ont" : "n'a")} pas été {(gaps.NoNames.Count > 1 ? "interrogés" : "interrogé")}.";

    private static string Explanation(
        Question question, ConsultationOutcome outcome, IReadOnlyList<Affiliation> affiliations, int open, Gaps gaps, DeadEnd? deadEnd, bool beneficiaryUnknown) => outcome switch
    {
        // State medical aid is not named here: the explanation may be read over a shoulder.
        ConsultationOutcome.Found when IsOpen(affiliations[0]) =>
            affiliations[0].BaseRights.State == RightState.Open
                ? $"{affiliations[0].Source.Name} : {Lower(affiliations[0].BaseRights.Sentence)}{AlsoMissing(gaps)}"
                : $"{affiliations[0].Source.Name} : prise en charge ouverte à cette date, voir le détail.{AlsoMissing(gaps)}",
        ConsultationOutcome.Found when affiliations[0].BaseRights.State == RightState.Undetermined => affiliations[0].BaseRights.Sentence + AlsoMissing(gaps),
        ConsultationOutcome.Found when affiliations[0].Ame.State == RightState.Undetermined =>
            $"{affiliations[0].Source.Name} : prise en charge à vérifier à cette date, voir le détail.{AlsoMissing(gaps)}",
        ConsultationOutcome.Found => $"La personne est connue de ce régime : {affiliations[0].Source.Name}. {NotFoundAtThisDate}",
        ConsultationOutcome.Several when open < 2 && question.Subject is Regimes.RegimeSubject.ByNir => $"Les dossiers trouvés sous ce numéro sont peut-être de personnes différentes : comparez-les avant d'en retenir un.{AlsoMissing(gaps)}",
        ConsultationOutcome.Several when open < 2 => $"Plusieurs dossiers portent ces noms et cette date de naissance : comparez-les avant d'en retenir un.{AlsoMissing(gaps)}",
        ConsultationOutcome.Several =>
            $"Plusieurs régimes ont des droits ouverts à cette date : {Enumerate([.. affiliations.Where(IsOpen).Select(a => a.Source.Name).Distinct()])}. Le service ne choisit pas : c'est à vous de retenir celui dont relèvent ces soins.{AlsoMissing(gaps)}",
        ConsultationOutcome.Candidates => "Plusieurs dossiers correspondent : choisissez dans la liste, date de naissance en main.",
        ConsultationOutcome.Incomplete when open > 0 && question.Subject is Regimes.RegimeSubject.ByName =>
            $"Un dossier de ces noms et de cette date de naissance a des droits ouverts à cette date : {affiliations[0].Source.Name}.{AlsoMissing(gaps)} Tant qu’une réponse manque, ce dossier peut être celui d’un homonyme.",
        ConsultationOutcome.Incomplete when gaps.WentTo.Count > 0 =>
            $"La personne est partie vers un autre régime, {Enumerate(gaps.WentTo)}, {Why(gaps)}. On ne peut dire ni qu'elle est assurée, ni qu'elle ne l'est pas.",
        ConsultationOutcome.Incomplete when deadEnd is not null =>
            $"{deadEnd.Sentences}{AlsoMissing(gaps)} On ne peut dire ni qu’elle est assurée, ni qu’elle ne l’est pas.",
        ConsultationOutcome.Incomplete => $"Réponse incomplète.{AlsoMissing(gaps)} On ne peut dire ni que la personne est assurée, ni qu'elle ne l'est pas.",
        _ when beneficiaryUnknown => $"L'assuré est connu, mais ce bénéficiaire ne lui est pas rattaché. {NotFoundAtThisDate}",
        _ => NotFoundAtThisDate,
    };

    /// <param name="question">What was asked.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="affiliations">What is known of the person.</param>
    /// <param name="open">Something is open.</param>
    /// <param name="hasCard">Of what is open something comes with a carte Vitale.</param>
    /// <param name="stale">A part is older than it may be.</param>
    /// <param name="gaps">Whose word is missing.</param>
    /// <param name="deadEnd">Gone to a regime that has no file; null where that is not so.</param>
    /// <param name="beneficiaryUnknown">The insured person is known, not this beneficiary.</param>
    /// <param name="alone">One regime was asked, and no other.</param>
    /// <param name="nobodyKnows">Whoever did answer does not know the person.</param>
    /// <param name="now">When it is answered.</param>
    public static IReadOnlyList<string> NextSteps(Question question, ConsultationOutcome outcome, IReadOnlyList<Affiliation> affiliations, bool open, bool hasCard, bool stale, Gaps gaps, DeadEnd? deadEnd, bool beneficiaryUnknown, bool alone, bool nobodyKnows, DateTimeOffset now)
    {
        List<string> steps = [];
        switch (outcome)
        {
            case ConsultationOutcome.Found or ConsultationOutcome.Several when open:
                // State medical aid comes without a card.
                if (!hasCard)
                    steps.Add("Dépliez les lignes du détail pour lire la prise en charge et sa période, à l'abri des regards.");
                else if (CardWords.OfOpen(question, affiliations) is { } update)
                    steps.Add(update);
                else if (outcome == ConsultationOutcome.Found)
                    steps.Add("Reportez le régime, la caisse et le centre dans le dossier.");
                if (outcome == ConsultationOutcome.Several && question.Subject is Regimes.RegimeSubject.ByNir { BeneficiaryBirthRank: null } asked && Affiliation.MayBeOfSeveral(affiliations))
                    steps.Add($"Redemandez avec {(asked.BeneficiaryBirthDate is null ? "la date" : "le rang")} de naissance du bénéficiaire : un numéro est aussi celui d'une famille.");
                if (outcome == ConsultationOutcome.Several)
                    steps.Add("Comparez les dossiers et demandez à la personne de quel régime elle relevait à la date des soins ; en cas de doute, appelez la hotline avant de facturer.");
                break;
            case ConsultationOutcome.Candidates:
                steps.Add("Choisissez la personne dans la liste ; si elle n'y est pas, vérifiez l'orthographe et la date de naissance.");
                steps.Add("Jumeaux : le rang de naissance les distingue. Un enfant rattaché à ses deux parents figure une fois par parent, c'est normal.");
                steps.Add("Deux adultes en tout point semblables sont des homonymes : ne choisissez pas au hasard, redemandez avec le numéro de sécurité sociale.");
                break;
            case ConsultationOutcome.Incomplete:
                if (gaps.Unasked.Except(gaps.NoPastDates).ToList() is { Count: > 0 } unasked)
                    steps.Add($"Interrogez tous les régimes, ou choisissez {Named(unasked)}.");
                if (gaps.WentTo.Except(gaps.NoPastDates).Except(gaps.Unasked).ToList() is { Count: > 0 } wentTo)
                    steps.Add($"Demandez {(wentTo.Count > 1 ? "aux régimes" : "au régime")} {Enumerate(wentTo)}.");
                if (deadEnd is not null && gaps.WentTo.Count == 0)
                    steps.Add($"Demandez {(deadEnd.From.Count > 1 ? "aux régimes" : "au régime")} {Enumerate(deadEnd.From)} où est le dossier de la personne, ou passez par la hotline, qui s’adresse au régime.");
                if (gaps.Later.Count > 0)
                    steps.Add(AskLater);
                foreach (var shut in gaps.Shut.GroupBy(shut => When(shut.Opens, now)).OrderBy(group => group.Min(shut => shut.Opens)).Select(group => (When: group.Key, Names: group.Select(shut => shut.Name).ToList())))
                    steps.Add($"{Starting(shut.Names)} ne {(shut.Names.Count > 1 ? "répondent" : "répond")} pas à cette heure : redemandez à partir {shut.When} (heure de Paris).");
                if (gaps.NoPastDates.Count > 0)
                    steps.Add($"Pour {Named(gaps.NoPastDates)} : demandez à la date du jour, ou passez par la hotline, qui s'adresse au régime.");
                if (open && question.Subject is Regimes.RegimeSubject.ByName)
                    steps.Add("Redemandez avec le numéro de sécurité sociale : deux homonymes n’ont pas le même.");
                // Whoever did answer, said this.
                if (beneficiaryUnknown)
                    steps.Add("Un régime connaît l'assuré, mais pas ce bénéficiaire : vérifiez sa date et son rang de naissance.");
                else if (nobodyKnows)
                    steps.Add("Les régimes qui ont répondu ne connaissent pas la personne : vérifiez aussi le numéro, le nom et la date de naissance.");
                steps.Add("En attendant, soignez et admettez la personne comme d'habitude.");
                break;
            default:
                if (alone && question.Regime is not null && !question.IsPicked)
                    steps.Add("La personne relève peut-être d'un autre régime : interrogez-les tous, ou un autre.");
                if (gaps.NoNames.Count > 0)
                    steps.Add($"Redemandez avec le numéro de sécurité sociale : lui seul permet d'interroger {Named(gaps.NoNames)}.");
                if (question.Subject is Regimes.RegimeSubject.ByName)
                    steps.Add("Vérifiez que le nom et le prénom sont entiers, prénom composé compris.");
                steps.Add(beneficiaryUnknown ? "Vérifiez la date et le rang de naissance du bénéficiaire ; un enfant peut être rattaché à l'autre parent." : "Vérifiez l'identité : numéro de sécurité sociale, nom de naissance, date de naissance.");
                if (outcome == ConsultationOutcome.NotFound && !beneficiaryUnknown)
                    steps.Add("Essayez autrement : " + (question.Subject is Regimes.RegimeSubject.ByName ? "" : "par les noms et la date de naissance, ou ") + "avec le numéro de l'assuré (parent, conjoint) dont la personne dépend.");
                if (CardWords.OfNotFound(question, affiliations) is { } card)
                    steps.Add(card);
                steps.Add("Orientez-la si besoin vers le service social ou la PASS, ou invitez-la à s'adresser à son organisme.");
                break;
        }

        if (outcome == ConsultationOutcome.Several && gaps.Later.Count > 0)
            steps.Add(AskLater);
        if (stale)
            steps.Add("Une partie de cette réponse est ancienne et ne vaut pas preuve : redemandez avant de facturer.");
        return steps;
    }

    private static string When(DateTimeOffset opens, DateTimeOffset now) =>
        opens.ToString(opens - now < TimeSpan.FromHours(24) ? "'de' HH':'mm" : "'du' d MMMM 'à' HH':'mm", CultureInfo.GetCultureInfo("fr-FR"));

    private static string AlsoMissing(Gaps gaps)
    {
        var silent = gaps.Silent.Union(gaps.WentTo.Except(gaps.NoPastDates).Except(gaps.Unasked)).Except(gaps.Overtaken).ToList();
        return Said(silent, "n'a pas pu répondre", "n'ont pas pu répondre")
            + Said(gaps.Overtaken, "n'avait pas encore répondu", "n'avaient pas encore répondu")
            + Said(gaps.NoPastDates, "ne répond pas pour une date passée et n'a pas été interrogé", "ne répondent pas pour une date passée et n'ont pas été interrogés")
            + Said(gaps.Unasked, "n'a pas été interrogé", "n'ont pas été interrogés");

        static string Said(IReadOnlyList<string> names, string one, string several) =>
            names.Count == 0 ? "" : $" {Starting(names)} {(names.Count > 1 ? several : one)}.";
    }

    private static string Why(Gaps gaps) =>
        gaps.WentTo.All(gaps.Unasked.Contains) ? gaps.WentTo.Count > 1 ? "qui n'ont pas été interrogés" : "qui n'a pas été interrogé"
        : gaps.WentTo.All(gaps.NoPastDates.Contains) ? gaps.WentTo.Count > 1 ? "qui ne répondent pas pour une date passée" : "qui ne répond pas pour une date passée"
        : "dont la réponse manque";

    // Some names want an article and others none: « le Sénat », « MGEN ».
    private static string Named(IReadOnlyList<string> names) => (names.Count > 1 ? "les régimes " : "le régime ") + Enumerate(names);

    private static string Starting(IReadOnlyList<string> names) => "L" + Named(names)[1..];

    private static string Enumerate(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : string.Join(", ", names.Take(names.Count - 1)) + " et " + names[^1];

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
