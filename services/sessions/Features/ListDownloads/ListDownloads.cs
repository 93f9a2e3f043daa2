using Cdr.Contracts.Sessions;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Package;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.ListDownloads;

/// <summary>Who downloaded what of the package: everywhere, or for one's own establishment.</summary>
internal static class ListDownloads
{
    public static RouteHandlerBuilder MapListDownloads(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/package/downloads", HandleAsync).RequireAuthorization(SessionsModule.AnyAdministrator).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("Downloads of the package, the latest first.");

    internal static async Task<Ok<IReadOnlyList<PackageDownloadEntry>>> HandleAsync(HttpContext http, SessionsDb db, PackageDesk desk, CancellationToken cancellationToken)
    {
        var reader = Administrator.Of(http.User);
        var downloads = db.Set<PackageDownload>().AsNoTracking().Include(one => one.Access).AsQueryable();
        if (!reader.IsOfPlatform)
            downloads = downloads.Where(one => one.Access!.EstablishmentFiness == reader.Establishment);
        var latest = await downloads.OrderByDescending(one => one.At).ThenByDescending(one => one.Id).Take(500).ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<PackageDownloadEntry>>([.. latest.Select(one => new PackageDownloadEntry(one.At, one.Access!.EstablishmentFiness, desk.RequesterOf(one.Access), one.File, one.Sha256))]);
    }
}
