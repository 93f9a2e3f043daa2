using Cdr.Contracts.Support;

namespace Cdr.Support.Features.ExportTickets;

/// <summary>What people call the codes of a file: as the pages say them.</summary>
internal static class TicketLabels
{
    public static string Of(TicketKind kind) => kind switch
    {
        TicketKind.Technical => "Question technique",
        TicketKind.UsageHelp => "Aide à l’utilisation",
        TicketKind.DataInconsistency => "Incohérence de données",
        _ => "",
    };

    public static string Of(TicketState state) => state switch
    {
        TicketState.Draft => "Pas encore envoyée",
        TicketState.New => "Reçue par la hotline",
        TicketState.InProgress => "En cours à la hotline",
        TicketState.WaitingForRequester => "En attente de l’établissement",
        TicketState.Transferred => "Chez l’organisme",
        TicketState.Solved => "Résolue",
        TicketState.Closed => "Close",
        TicketState.Merged => "Réunie à une autre",
        TicketState.Abandoned => "Abandonnée",
        _ => "",
    };

    public static string Of(TicketPriority priority) => priority switch
    {
        TicketPriority.Critical => "Critique",
        TicketPriority.High => "Haute",
        TicketPriority.Normal => "Normale",
        TicketPriority.Low => "Basse",
        _ => "",
    };

    public static string Of(WaitsFor waited) => waited switch
    {
        WaitsFor.Nobody => "Personne",
        WaitsFor.Hotline => "La hotline",
        WaitsFor.Requester => "L’établissement",
        WaitsFor.Organism => "L’organisme",
        _ => "",
    };
}
