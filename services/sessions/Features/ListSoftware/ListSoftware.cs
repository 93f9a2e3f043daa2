using Cdr.Contracts.Sessions;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Software;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.ListSoftware;

/// <summary>The software clients that one administers: all of them, or those of one's own establishment.</summary>
internal static class ListSoftware
{
    public static RouteHandlerBuilder MapListSoftware(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/software-clients", HandleAsync).RequireAuthorization(SessionsModule.AnyAdministrator).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("The software clients that the caller administers.");

    internal static async Task<Ok<IReadOnlyList<SoftwareView>>> HandleAsync(HttpContext http, SessionsDb db, CancellationToken cancellationToken)
    {
        var administrator = Administrator.Of(http.User);
        var clients = db.SoftwareClients.AsNoTracking().Include(client => client.Scope).AsQueryable();
        if (!administrator.IsOfPlatform)
            clients = clients.Where(client => client.Scope.Any(scope => scope.EstablishmentFiness == administrator.Establishment));
        return TypedResults.Ok<IReadOnlyList<SoftwareView>>([.. (await clients.OrderBy(client => client.Id).ToListAsync(cancellationToken)).Select(client => View(client, administrator.Reaches))]);
    }

    internal static SoftwareView View(SoftwareClient client, Func<string, bool> reaches) => new(
        client.Id,
        client.Name,
        [.. client.Scope.Select(scope => scope.EstablishmentFiness).Where(reaches).Order(StringComparer.Ordinal)],
        client.Structure,
        client.CommonName,
        client.PublicKey is not null,
        client.From,
        client.Until,
        client.WithdrawnAt,
        client.SeenAt,
        client.CertificateEndsAt);
}
