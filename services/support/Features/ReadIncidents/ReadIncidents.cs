using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Incidents;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadIncidents;

/// <summary>Incidents for everybody, their tickets for the hotline; and the one that a ticket belongs to.</summary>
internal static class ReadIncidents
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(31);

    public static void MapReadIncidents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/incidents", ListAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("listIncidents").WithSummary("Open incidents, and those of the last month.");
        routes.MapGet("/api/support/incidents/{id:guid}", ReadAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("readIncident").WithSummary("An incident with its public notes.").ProducesProblem(404);
        routes.MapGet("/api/support/tickets/{id:guid}/incident", OfTicketAsync).RequireAuthorization(SupportPolicies.Read).WithName("readIncidentOfTicket").WithSummary("The incident that a ticket belongs to, if any.").ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Ok<IReadOnlyList<IncidentView>>> ListAsync(SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - Remembered;
        return TypedResults.Ok(await IncidentViews.ViewAsync(db, db.Incidents.Where(row => row.ResolvedAt == null || row.ResolvedAt > since), cancellationToken));
    }

    internal static async Task<Results<Ok<Incident>, ProblemHttpResult>> ReadAsync(Guid id, ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken) =>
        await IncidentViews.ReadAsync(db, id, user.FindFirst(CdrClaims.Role)?.Value == CdrRoles.Hotline, cancellationToken) is { } incident ? TypedResults.Ok(incident) : IncidentWriting.Unknown();

    internal static async Task<Results<Ok<IncidentView>, NoContent, ProblemHttpResult>> OfTicketAsync(Guid id, ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (!await db.Tickets.Where(actor.Sees).AnyAsync(row => row.Id == id, cancellationToken))
            return TicketProblems.Unknown();
        var views = await IncidentViews.ViewAsync(db, db.Incidents.Where(row => db.IncidentTickets.Any(grouped => grouped.Ticket == id && grouped.Incident == row.Id)), cancellationToken);
        return views is [var view] ? TypedResults.Ok(view) : TypedResults.NoContent();
    }
}
