using System.Text;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ImportTargets;

/// <summary>Imports the targets of phases from a CSV file, whole or not at all: the phases it names have these targets and no others.</summary>
internal static class ImportTargets
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostFaults = 100;

    public static void MapImportTargets(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/usage/campaigns/{id:guid}/targets", HandleAsync).RequireAuthorization(CampaignPolicies.Steer).WithName("importTargets")
            .WithSummary("The targets of phases, as CSV: phase;finess_juridique;finess_geographique;nom;departement;equipe_le.")
            .Accepts<string>("text/csv").WithMetadata(new RequestSizeLimitAttribute(MostBytes)).ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);

    internal static async Task<Results<Ok<TargetsImported>, ProblemHttpResult>> HandleAsync(Guid id, HttpRequest request, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var phases = await db.Phases.AsNoTracking().Where(phase => phase.Campaign == id).ToListAsync(cancellationToken);
        if (phases.Count == 0)
            return CampaignPolicies.Unknown();
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

        var (targets, faults) = TargetFile.Read(text, phases.ToDictionary(phase => phase.Number, phase => phase.Targets));
        if (faults.Count > 0)
            return Problems.Problem(
                StatusCodes.Status400BadRequest, "targets-invalid", "Des lignes du fichier sont fausses\u00a0; rien n'a été importé.", "Corrigez-les, puis renvoyez le fichier entier.",
                ("field", "file"), ("faults", faults.Take(MostFaults)), ("faultCount", faults.Count));
        var named = targets.Select(target => target.Phase).ToHashSet();
        if (named.Count == 0)
            return Problems.Invalid("file", "file-empty", "Le fichier n'a aucune cible.");

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Holds the phases until the commit: a second file waits here, then replaces what this one brought. Both would be there side by side.
        DateOnly? today = Days.Of(clock.GetUtcNow());
        await db.Phases.Where(phase => phase.Campaign == id && named.Contains(phase.Number))
            .ExecuteUpdateAsync(set => set.SetProperty(phase => phase.ImportedOn, phase => phase.ImportedOn ?? today), cancellationToken);
        if (await FreezeCampaigns.FreezeCampaigns.MonthsToFreezeAsync(db, id, named, today.Value, cancellationToken) is [var month, ..])
            return Problems.Problem(
                StatusCodes.Status409Conflict, "month-not-frozen", FormattableString.Invariant($"Les taux du mois {Periods.FirstDay(month):MM/yyyy} ne sont pas encore arrêtés\u00a0; rien n'a été importé."),
                "Ils le sont quelques jours après la fin du mois, quand tout est compté\u00a0: renvoyez le fichier ensuite.", ("field", "file"));
        var before = await db.Targets.Where(target => target.Campaign == id && named.Contains(target.Phase)).Select(target => new { target.Phase, target.Finess }).ToListAsync(cancellationToken);
        await db.Sites.Where(site => site.Campaign == id && named.Contains(site.Phase)).ExecuteDeleteAsync(cancellationToken);
        await db.Targets.Where(target => target.Campaign == id && named.Contains(target.Phase)).ExecuteDeleteAsync(cancellationToken);
        db.Targets.AddRange(targets.Select(target => new TargetRow
        {
            Campaign = id, Phase = target.Phase, Finess = target.Finess, Name = target.Name, Department = target.Department, EquippedOn = target.EquippedOn,
        }));
        db.Sites.AddRange(targets.SelectMany(target => target.Sites, (target, site) => new SiteRow { Campaign = id, Phase = target.Phase, Finess = target.Finess, Establishment = site }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var now = targets.Select(target => (target.Phase, target.Finess)).ToHashSet();
        var without = targets.Where(target => target.Sites.Count == 0).Select(target => new TargetFault(
            target.Number, "finess_geographique", "site-missing", "Aucune ligne ne donne de site à cette cible\u00a0: aucune réponse ne peut l'équiper.")).ToList();
        return TypedResults.Ok(new TargetsImported(
            targets.Count, targets.Sum(target => target.Sites.Count), before.Count(one => !now.Contains((one.Phase, one.Finess))), without.Count, [.. without.Take(MostFaults)]));
    }
}
