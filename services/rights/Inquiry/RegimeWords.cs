using System.Globalization;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>A regime's state in words for the clerk.</summary>
internal static class RegimeWords
{
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr-FR");

    public static RegimeState State(Question question, RegimeFinding finding, RegimeRegistry registry) => new()
    {
        Regime = finding.Regime.Id.Value,
        Name = finding.Regime.ShortName,
        Outcome = finding.Outcome,
        Reason = Reason(finding.Silence ?? finding.Answer),
        Message = Message(question, finding, registry),
        Freshness = finding.Answer is RegimeAnswer.Unavailable or RegimeAnswer.NotAsked ? null : finding.Freshness,
        ObtainedAt = finding.Answer is RegimeAnswer.Unavailable or RegimeAnswer.NotAsked ? null : finding.At,
        Milliseconds = finding.Milliseconds,
    };

    /// <summary>The same, told before the answer's record is durable: without the words in which a regime refused, that may name a person.</summary>
    public static RegimeState Told(Question question, RegimeFinding finding, RegimeRegistry registry) =>
        State(question, finding with { Answer = Wordless(finding.Answer), Silence = finding.Silence is { } silence ? Wordless(silence) : null }, registry);

    private static RegimeAnswer Wordless(RegimeAnswer answer) =>
        answer is RegimeAnswer.Unavailable { Refusal: not null } refused ? refused with { Refusal = null } : answer;

    private static string? Reason(RegimeAnswer answer) => answer switch
    {
        RegimeAnswer.Unavailable unavailable => JsonNamingPolicy.CamelCase.ConvertName(unavailable.Reason.ToString()),
        RegimeAnswer.NotAsked notAsked => JsonNamingPolicy.CamelCase.ConvertName(notAsked.Reason.ToString()),
        _ => null,
    };

    private static string Message(Question question, RegimeFinding finding, RegimeRegistry registry)
    {
        var message = Message(finding.Answer, registry);
        if (finding.Freshness != Freshness.Stale)
            return message;
        return $"{Message(finding.Silence!, registry)} Réponse du {Day(question.Caller.Today(finding.At))} montrée, sans valeur de preuve : {char.ToLower(message[0], French)}{message[1..]}";
    }

    private static string Message(RegimeAnswer answer, RegimeRegistry registry) => answer switch
    {
        RegimeAnswer.Found => "Personne connue de ce régime.",
        RegimeAnswer.Unknown => "Personne inconnue de ce régime.",
        RegimeAnswer.Candidates => "Plusieurs personnes correspondent.",
        RegimeAnswer.BeneficiaryUnknown => "L'assuré est connu, mais pas ce bénéficiaire.",
        RegimeAnswer.Moved { Since: { } since } moved => $"Personne partie vers le régime {Name(moved, registry)} le {Day(since)}.",
        RegimeAnswer.Moved moved => $"Personne partie vers le régime {Name(moved, registry)}.",
        RegimeAnswer.Unavailable unavailable => unavailable.Reason switch
        {
            UnavailableReason.Timeout => "N'a pas répondu à temps.",
            UnavailableReason.Failing => "Ne fonctionne pas en ce moment.",
            UnavailableReason.Unreadable => "A envoyé une réponse illisible.",
            UnavailableReason.Closed => "Est fermé en ce moment.",
            UnavailableReason.Busy => "Est saturé en ce moment.",
            UnavailableReason.NotAwaited => "N'avait pas encore répondu quand la recherche s'est arrêtée.",
            UnavailableReason.CircuitOpen => "Ne fonctionne pas depuis peu ; laissé au repos quelques secondes.",
            _ => unavailable.Refusal is { } refusal ? $"A refusé la question : {refusal.Label}" : "A refusé la question.",
        },
        RegimeAnswer.NotAsked notAsked => notAsked.Reason switch
        {
            NotAskedReason.NoSearchByName => "Non interrogé : ne permet pas la recherche par nom.",
            NotAskedReason.NoPastDates => "Non interrogé : ne répond pas pour une date passée.",
            NotAskedReason.ClosedNow => "Non interrogé : fermé à cette heure.",
            NotAskedReason.PlannedDowntime => "Non interrogé : interruption annoncée.",
            NotAskedReason.NotOpen => "Non interrogé : n'est pas ouvert au service.",
            NotAskedReason.NotNeeded => "Non interrogé : la recherche s'est arrêtée avant.",
            NotAskedReason.NoTimeLeft => "Non interrogé : le temps de la question était écoulé.",
            NotAskedReason.SearchOff => "Non interrogé : la recherche dans tous les régimes n'est pas ouverte ici.",
            _ => "Non interrogé.",
        },
        _ => "",
    };

    public static string Name(RegimeAnswer.Moved moved, RegimeRegistry registry) => registry.Find(moved.To)?.ShortName ?? moved.To.Value;

    public static string Day(DateOnly day) => (day.Day == 1 ? "1er" : day.Day.ToString(French)) + day.ToString(" MMMM yyyy", French);
}
