using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ManageCampaigns;

/// <summary>Begins a deployment campaign with its phases; their targets are imported.</summary>
internal static class CreateCampaign
{
    public static void MapCreateCampaign(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/usage/campaigns", HandleAsync).RequireAuthorization(CampaignPolicies.Steer).WithName("createCampaign")
            .WithSummary("A deployment campaign and its phases.").ProducesProblem(400).ProducesProblem(403);

    internal static async Task<Results<Created<Campaign>, ProblemHttpResult>> HandleAsync(CampaignRequest request, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Name?.Trim() is not { Length: >= 1 and <= 100 } name)
            return Problems.Invalid("name", "name-invalid", "Le nom a de 1 à 100 caractères.");
        if (request.Phases is not { Count: > 0 and < 100 } phases || phases.Any(phase => phase is null) || phases.DistinctBy(phase => phase.Number).Count() < phases.Count)
            return Problems.Invalid("phases", "phases-invalid", "Une campagne a au moins une phase, et chaque numéro une fois.");
        if (phases.Any(phase => phase.Number is < 1 or > 99 || phase.Name?.Trim() is not { Length: >= 1 and <= 100 } || phase.BeganOn.Year is < 2000 or > 2100))
            return Problems.Invalid("phases", "phase-invalid", "Une phase a un numéro de 1 à 99, un nom de 1 à 100 caractères et un premier jour.");
        var now = clock.GetUtcNow();
        var row = new CampaignRow { Id = Guid.CreateVersion7(now), Name = name, CreatedAt = now };
        row.Phases.AddRange(phases.OrderBy(phase => phase.Number).Select(phase => new PhaseRow
        {
            Campaign = row.Id, Number = phase.Number, Name = phase.Name.Trim(), Targets = phase.Targets, BeganOn = phase.BeganOn,
        }));
        db.Campaigns.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/api/usage/campaigns/{row.Id}/rates", new Campaign(
            row.Id, row.Name, [.. row.Phases.Select(phase => new CampaignPhase(phase.Number, phase.Name, phase.Targets, phase.BeganOn))], [], []));
    }
}
