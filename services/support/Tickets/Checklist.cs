using Cdr.Contracts.Support;

namespace Cdr.Support.Tickets;

/// <summary>What must be known before a file's organism is troubled. Nothing incomplete is transferred.</summary>
internal static class Checklist
{
    private static readonly (string Id, string Label)[] Inconsistency =
    [
        ("identity", "L'identité du patient est vérifiée."),
        ("card", "La carte Vitale est mise à jour, ou son absence est dite."),
        ("difference", "La différence est décrite, champ par champ."),
        ("date", "La date des soins est confirmée."),
    ];

    public static IReadOnlyList<(string Id, string Label)> Of(TicketKind kind) => kind == TicketKind.DataInconsistency ? Inconsistency : [];

    public static IReadOnlyList<TicketCheck> Read(TicketKind kind, string done) =>
        [.. Of(kind).Select(point => new TicketCheck(point.Id, point.Label, done.Split(',').Contains(point.Id, StringComparer.Ordinal)))];

    public static bool IsComplete(TicketKind kind, string done) => Read(kind, done).All(point => point.Done);

    /// <summary>Null where one of them is no point of it.</summary>
    public static string? Join(TicketKind kind, IReadOnlyList<string> done) =>
        done.All(id => Of(kind).Any(point => point.Id == id)) ? string.Join(',', Of(kind).Select(point => point.Id).Where(id => done.Contains(id, StringComparer.Ordinal))) : null;
}
