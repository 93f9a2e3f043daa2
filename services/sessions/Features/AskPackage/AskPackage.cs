using System.Net.Mail;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Package;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.AskPackage;

/// <summary>A hospital asks for the installation package: it may have no working card yet, so none is asked for.</summary>
internal static partial class AskPackage
{
    public static RouteHandlerBuilder MapAskPackage(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/package/requests", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404)
            .WithSummary("A public request for the installation package: personal credentials, shown once.");

    internal static async Task<Results<Ok<PackageCredentials>, ProblemHttpResult>> HandleAsync(
        PackageRequest request, SessionsDb db, PackageFiles files, PackageDesk desk, IOptions<PackageOptions> options, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (!Finess.Parse(request.Finess).TryGet(out var finess, out var error))
            return Problems.Invalid("finess", error);
        if (!EstablishmentTypes.All.Contains(request.Type))
            return Problems.Invalid("type", "establishment-type-unknown", "Ce type d'établissement n'existe pas.", string.Join(", ", EstablishmentTypes.All));
        if (request.Establishment is not { Length: > 2 and <= 256 })
            return Problems.Invalid("establishment", "establishment-name-missing", "Le nom de l'établissement est absent.");
        if (request.Requester is not { Length: > 2 and <= 128 } || request.Requester.Any(char.IsControl))
            return Problems.Invalid("requester", "requester-missing", "Dites qui demande le paquet d'installation.", "Nom et fonction.");
        if (request.Email is not { Length: <= 254 } || !MailAddress.TryCreate(request.Email, out var mail) || mail.Address != request.Email)
            return Problems.Invalid("email", "email-invalid", "L'adresse électronique n'est pas valable.");
        if (!files.Exists)
            return PackageProblems.Absent();

        var log = logs.CreateLogger(typeof(AskPackage).FullName!);
        var establishment = await db.Establishments.AsNoTracking().FirstOrDefaultAsync(one => one.Finess == finess.Value, cancellationToken);
        if (establishment is null || !PackageDesk.IsNamed(request.Establishment, establishment.Name))
        {
            Log.Refused(log, finess.Value, "package-establishment-unknown");
            return Problems.Problem(403, "package-establishment-unknown", "Ce nom et ce numéro FINESS ne désignent pas un établissement de la plateforme.", "Vérifiez le numéro FINESS géographique, ou appelez la hotline.");
        }

        if (!EligibleCategories.Contains(establishment.Category))
        {
            Log.Refused(log, finess.Value, Refusal.EstablishmentNotEligible.Code);
            return Refusal.EstablishmentNotEligible.ToProblem();
        }

        if (!PackageDesk.Agrees(request.Type, establishment.Category))
        {
            Log.Refused(log, finess.Value, "establishment-type-differs");
            return PackageProblems.TypeDiffers();
        }

        var now = clock.GetUtcNow();
        var (secret, hash) = Secret.Make();
        var id = Guid.CreateVersion7(now);
        var access = db.Set<PackageAccess>().Add(new PackageAccess
        {
            Id = id,
            Secret = hash,
            EstablishmentFiness = finess.Value,
            Type = request.Type,
            Requester = desk.Seal(id, request),
            RequestedAt = now,
            EndsAt = now + options.Value.Life,
        }).Entity;
        await db.SaveChangesAsync(cancellationToken);
        Log.Given(log, id, finess.Value);
        return TypedResults.Ok(new PackageCredentials(id, secret, access.EndsAt));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Access {Access} to the package given to {Establishment}.")]
        public static partial void Given(ILogger logger, Guid access, string establishment);

        [LoggerMessage(2, LogLevel.Information, "The package was refused to {Establishment}: {Code}.")]
        public static partial void Refused(ILogger logger, string establishment, string code);
    }
}
