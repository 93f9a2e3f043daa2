using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Data;
using Cdr.Sessions.Package;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.OpenPackage;

/// <summary>Reads, accepts, downloads: what is to be read first is free, the rest is behind the licence, and each download is recorded.</summary>
internal static class OpenPackage
{
    public static void MapOpenPackage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sessions/package", ContentsAsync).AllowAnonymous().ProducesProblem(401).ProducesProblem(404).WithSummary("The package's documents, licence and folders.");
        routes.MapPost("/api/sessions/package/licence", AcceptAsync).AllowAnonymous().ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).WithSummary("Accepts the licence in force.");
        routes.MapGet("/api/sessions/package/files/{folder}/{name}", FileAsync).AllowAnonymous().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").WithSummary("A file of the package.");
    }

    internal static async Task<Results<Ok<PackageContents>, ProblemHttpResult>> ContentsAsync(HttpContext http, SessionsDb db, PackageFiles files, PackageDesk desk, CancellationToken cancellationToken) =>
        !files.Exists ? PackageProblems.Absent()
        : await desk.FromAsync(http.Request, db, cancellationToken) is { } access ? TypedResults.Ok(await files.ContentsAsync(access.Licence, cancellationToken))
        : PackageProblems.Unknown(http);

    internal static async Task<Results<NoContent, ProblemHttpResult>> AcceptAsync(
        LicenceAcceptance request, HttpContext http, SessionsDb db, PackageFiles files, PackageDesk desk, IOptions<PackageOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!files.Exists)
            return PackageProblems.Absent();
        if (await desk.FromAsync(http.Request, db, cancellationToken) is not { } access)
            return PackageProblems.Unknown(http);
        if (request.Version != options.Value.LicenceVersion)
            return Problems.Problem(409, "licence-differs", "Ce n'est pas la licence en vigueur.", "Relisez-la, puis acceptez la version affichée.", ("version", options.Value.LicenceVersion));
        (access.Licence, access.LicenceAt) = (request.Version, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> FileAsync(
        string folder, string name, HttpContext http, SessionsDb db, PackageFiles files, PackageDesk desk, IOptions<PackageOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!files.Exists)
            return PackageProblems.Absent();
        if (await desk.FromAsync(http.Request, db, cancellationToken) is not { } access)
            return PackageProblems.Unknown(http);
        if (folder != PackageFiles.ReadFirst && access.Licence != options.Value.LicenceVersion)
            return PackageProblems.LicenceRequired(options.Value);
        if (await files.FindAsync(folder, name, cancellationToken) is not var (path, hash))
            return Problems.Problem(404, "file-unknown", "Ce fichier n'est pas dans le paquet.");
        var now = clock.GetUtcNow();
        db.Set<PackageDownload>().Add(new PackageDownload { Id = Guid.CreateVersion7(now), AccessId = access.Id, At = now, File = $"{folder}/{name}", Sha256 = hash });
        await db.SaveChangesAsync(cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.PhysicalFile(path, "application/octet-stream", name);
    }
}
