using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Journal;

namespace Cdr.Rights.Features.TracePerson;

/// <summary>Codes of accesses, and their words for the person concerned.</summary>
internal static class AccessWords
{
    private static readonly Dictionary<string, string> PurposeLabels = new(StringComparer.Ordinal)
    {
        [AccessPurposes.AccessRequest] = "Demande d'accès de la personne concernée",
        [AccessPurposes.Complaint] = "Réclamation ou incident",
        [AccessPurposes.Control] = "Contrôle interne",
    };

    public static IEnumerable<string> Purposes => PurposeLabels.Keys;

    /// <summary>Null when it is none.</summary>
    public static string? Purpose(string? id) => id is null ? null : PurposeLabels.GetValueOrDefault(id);

    public static string Of(RecordKind kind) => kind switch
    {
        RecordKind.Asked => "asked",
        RecordKind.Shown => "shown",
        RecordKind.Answered => "answered",
        RecordKind.Read => "read",
        RecordKind.Used => "used",
        RecordKind.Traced => "traced",
        RecordKind.Proved => "proved",
        _ => "other",
    };

    public static string Label(string what) => what switch
    {
        "asked" => "Régimes interrogés",
        "shown" => "Réponse partielle affichée",
        "answered" => "Réponse donnée",
        "read" => "Réponse relue, ou pièce de son ticket",
        "used" => "Servi de preuve",
        "traced" => "Liste des accès demandée",
        "proved" => "Preuve au journal relue",
        _ => what,
    };

    /// <summary>Why: a consultation's reason, or the purpose of a list of accesses.</summary>
    public static string Reason(string id) => Purpose(id) ?? (ConsultationReason.Parse(id).TryGet(out var reason, out _) ? reason.Label : id);

    /// <summary>Ids of the regimes that a record names.</summary>
    public static IReadOnlyList<string> Regimes(RecordKind kind, string text) => kind switch
    {
        // Read by an organism's agent: their regime.
        RecordKind.Asked or RecordKind.Read => text.Split(';', StringSplitOptions.RemoveEmptyEntries),
        RecordKind.Shown or RecordKind.Answered => [.. JournalFacts.Read(text).Where(fact => fact.Outcome != RegimeOutcome.NotAsked).Select(fact => fact.Regime)],
        _ => [],
    };
}
