using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Escalation;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Refit;

namespace Cdr.Support.Features.ImportOrganisms;

/// <summary>A version of the table of destination organisms, whole or not at all, from a day on. A version is never changed.</summary>
internal static class ImportOrganisms
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostFaults = 100;

    public static void MapImportOrganisms(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/support/organisms", HandleAsync).RequireAuthorization(SupportPolicies.Import).WithName("importOrganisms")
            .WithSummary("The table of destination organisms, as CSV: code;regime;libelle;departement;horaires, and courriel where teams read e-mail.")
            .Accepts<string>("text/csv").WithMetadata(new RequestSizeLimitAttribute(MostBytes)).ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(502);
        routes.MapGet("/api/support/organisms", ListAsync).RequireAuthorization(SupportPolicies.Organisms).WithName("listOrganisms")
            .WithSummary("The organisms that tickets can be transferred to on a day.").ProducesProblem(403);
    }

    internal static async Task<Results<Ok<OrganismTable>, ProblemHttpResult>> HandleAsync(
        string version, DateOnly from, HttpRequest request, ClaimsPrincipal user, SupportDb db, [FromKeyedServices(SupportModule.Name)] IRightsApi rights, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (version is not { Length: >= 1 and <= 20 } || version.Any(one => !char.IsAsciiLetterOrDigit(one) && one is not ('.' or '-')))
            return Problems.Invalid("version", "version-invalid", "La version a de 1 à 20 chiffres, lettres, points ou tirets.");
        if (await db.OrganismTables.AnyAsync(table => table.Version == version, cancellationToken))
            return Problems.Problem(StatusCodes.Status409Conflict, "version-known", "Cette version est déjà importée, et ne change plus.", "Donnez à la nouvelle table sa propre version.");
        string text;
        try
        {
            using var reader = new StreamReader(request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            text = await reader.ReadToEndAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            return Problems.Invalid("file", "encoding-unknown", "Le fichier n'est pas en UTF-8.", "Enregistrez-le en CSV UTF-8.");
        }

        IReadOnlyList<RegimeInfo> regimes;
        try
        {
            regimes = await rights.RegimesAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Problems.Problem(StatusCodes.Status502BadGateway, "rights-silent", "Le registre des régimes n'a pas pu être lu : rien n'a été importé.", "Réessayez dans quelques instants.");
        }

        var (organisms, faults) = OrganismFile.Read(text, regimes);
        if (faults.Count > 0)
            return Problems.Problem(
                StatusCodes.Status400BadRequest, "organisms-invalid", "Des lignes du fichier sont fausses\u00a0; rien n'a été importé.", "Corrigez-les, puis renvoyez le fichier entier.",
                ("field", "file"), ("faults", faults.Take(MostFaults)), ("faultCount", faults.Count));
        if (organisms.Count == 0)
            return Problems.Invalid("file", "file-empty", "Le fichier n'a aucun organisme.");
        db.OrganismTables.Add(new OrganismTableRow { Version = version, From = from, ImportedAt = clock.GetUtcNow(), ImportedBy = user.FindFirst(CdrClaims.Subject)!.Value });
        db.Organisms.AddRange(organisms.Select(one => one.In(version)));
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(new OrganismTable(version, from, organisms.Count));
    }

    internal static async Task<Ok<List<DestinationOrganism>>> ListAsync(DateOnly? on, SupportDb db, Organisms organisms, CancellationToken cancellationToken)
    {
        var table = await Organisms.TableAsync(db, on ?? organisms.Today, cancellationToken);
        return TypedResults.Ok(await db.Organisms.Where(row => row.Table == table).OrderBy(row => row.Key)
            .Select(row => new DestinationOrganism(row.Key, row.Regime, row.Label, row.Department, row.Hours)).ToListAsync(cancellationToken));
    }
}
