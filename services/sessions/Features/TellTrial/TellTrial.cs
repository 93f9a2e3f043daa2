using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Data;
using Cdr.Sessions.Package;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.TellTrial;

/// <summary>
/// A post was tried for one function: passed, the package is deployed; failed, here is the ticket, which the hotline gets too. Told with the package's credentials,
/// which anybody can obtain who knows an establishment's name and number: what is told is of a closed set, bounded, and shown to the
/// referent with who had asked for the access; nothing that the platform knows of a post is given in return.
/// </summary>
internal static partial class TellTrial
{
    /// <summary>Of one access: a site tries a post or two for each function, not hundreds.</summary>
    internal const int Most = 200;

    public static RouteHandlerBuilder MapTellTrial(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/package/trials", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
            .WithSummary("How the trial of a post went: kept for its referent; one that failed becomes a ticket of the hotline, of the trial's id, and is answered with its words.");

    internal static async Task<Results<Ok<PostTrialAnswer>, ProblemHttpResult>> HandleAsync(
        PostTrial request, HttpContext http, SessionsDb db, PackageFiles files, PackageDesk desk, IOptions<PackageOptions> options, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (!files.Exists)
            return PackageProblems.Absent();
        if (await desk.FromAsync(http.Request, db, cancellationToken) is not { } access)
            return PackageProblems.Unknown(http);
        if (access.Licence != options.Value.LicenceVersion)
            return PackageProblems.LicenceRequired(options.Value);
        if (Wrong(request) is { } wrong)
            return wrong;
        await using var whole = await db.Database.BeginTransactionAsync(cancellationToken);
        // Of two that are told at once the second waits here, and counts the first.
        await db.Set<PackageAccess>().Where(own => own.Id == access.Id).ExecuteUpdateAsync(set => set.SetProperty(own => own.Licence, own => own.Licence), cancellationToken);
        if (await db.Set<PackageTrial>().CountAsync(trial => trial.AccessId == access.Id, cancellationToken) >= Most)
            return Problems.Problem(409, "trials-full", "Ces identifiants ont déjà servi à de nombreux essais.", "Refaites une demande de paquet, ou appelez la hotline.", ("most", Most));

        if (await db.Establishments.AsNoTracking().FirstOrDefaultAsync(place => place.Finess == access.EstablishmentFiness, cancellationToken) is not { } establishment)
            return PackageProblems.Unknown(http);

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var told = request with { Post = request.Post.Trim(), Failed = [.. TrialChecks.All.Where(check => request.Failed?.Contains(check) == true)] };
        var ticket = told.Passed ? null : TrialTickets.Of(id, now, told, establishment);
        db.Set<PackageTrial>().Add(new PackageTrial
        {
            Id = id,
            AccessId = access.Id,
            At = now,
            Post = told.Post,
            Function = told.Function,
            Failed = string.Join(' ', told.Failed),
            Ticket = ticket is null ? null : TrialTickets.TextOf(ticket),
            TicketDueAt = ticket is null ? null : now,
        });
        await db.SaveChangesAsync(cancellationToken);
        await whole.CommitAsync(cancellationToken);
        Log.Told(logs.CreateLogger(typeof(TellTrial).FullName!), id, access.EstablishmentFiness, request.Function, request.Passed);
        return TypedResults.Ok(new PostTrialAnswer(id, ticket));
    }

    private static ProblemHttpResult? Wrong(PostTrial request)
    {
        if (request.Post is not { Length: > 0 and <= 64 } || !request.Post.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or '/') || string.IsNullOrWhiteSpace(request.Post))
            return Problems.Invalid("post", "trial-post-invalid", "Le nom du poste n'est pas valable.", "De 1 à 64 lettres, chiffres, espaces, « - _ . / » ; aucun nom de personne.");
        if (!TrialFunctions.All.Contains(request.Function))
            return Problems.Invalid("function", "trial-function-unknown", "Cette fonction n'existe pas.", string.Join(", ", TrialFunctions.All));
        var failed = request.Failed ?? [];
        if (failed.Count > TrialChecks.All.Count || failed.Except(TrialChecks.All).Any())
            return Problems.Invalid("failed", "trial-check-unknown", "Cette vérification n'existe pas.", string.Join(", ", TrialChecks.All));
        if (request.Passed && failed.Count > 0)
            return Problems.Invalid("failed", "trial-contradicts-itself", "Un essai réussi n'a pas d'échec.", "Dites que l'essai a échoué, ou décochez ce qui n'a pas marché.");
        return request.Passed || failed.Count > 0
            ? null
            : Problems.Invalid("failed", "trial-failure-missing", "Dites ce qui n'a pas marché.", "Cochez au moins une vérification ; « autre chose » si aucune ne convient.");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Trial {Trial} of a post of {Establishment} for {Function}: passed {Passed}.")]
        public static partial void Told(ILogger logger, Guid trial, string establishment, string function, bool passed);
    }
}
