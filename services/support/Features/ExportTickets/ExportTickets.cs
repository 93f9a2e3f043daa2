using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Causes;
using Cdr.Support.Features.ReadTickets;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ExportTickets;

/// <summary>GET /api/support/tickets/export.csv: a list as a file, whole, by the same filters and in the same order.</summary>
internal static class ExportTickets
{
    public static void MapExportTickets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/support/tickets/export.csv", Handle).RequireAuthorization(SupportPolicies.Read).WithName("exportTickets")
            .WithSummary("The list as CSV, with semicolons, whole; without subjects nor words.")
            .WithNames<TicketState>("state").WithNames<TicketKind>("kind").WithNames<TicketPriority>("priority")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(400).ProducesProblem(403);

    internal static Results<PushStreamHttpResult, ProblemHttpResult> Handle(
        string? state, string? kind, string? organism, string? assignee, string? team, string? priority, string? department, bool? overdue, string? author, string? order,
        ClaimsPrincipal user, HttpContext http, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        var filter = new TicketFilter(state, kind, organism, assignee, team, priority, department, overdue, author, order);
        var (now, tickets) = (clock.GetUtcNow(), db.Tickets.AsNoTracking().Where(actor.Sees));
        if (filter.Apply(actor, now, ref tickets) is { } refused)
            return refused;
        return TypedResults.Stream(
            async stream =>
            {
                var causes = (await CauseBook.ReadAsync(db, cancellationToken)).ToDictionary(one => one.Code, one => one.Label, StringComparer.Ordinal);
                await TicketCsv.WriteAsync(stream, tickets, filter.ByDue, actor.Side == TicketSide.Hotline, causes, now, cancellationToken);
            },
            "text/csv; charset=utf-8", "demandes.csv");
    }
}
