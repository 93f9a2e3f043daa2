using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ManageCampaigns;

/// <summary>Adds a document to a campaign's communication kit: where it is, not the document.</summary>
internal static class AddKitItem
{
    public static void MapAddKitItem(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/usage/campaigns/{id:guid}/kit", HandleAsync).RequireAuthorization(CampaignPolicies.Steer).WithName("addKitItem")
            .WithSummary("A document of the communication kit.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, KitItem request, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Title?.Trim() is not { Length: >= 1 and <= 200 } title)
            return Problems.Invalid("title", "title-invalid", "Le titre a de 1 à 200 caractères.");
        if (request.Address is not { Length: <= 500 } || !Uri.TryCreate(request.Address, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0)
            return Problems.Invalid("address", "address-invalid", "L'adresse n'est pas une adresse https.");
        if (request.PublishedOn.Year is < 2000 or > 2100)
            return Problems.Invalid("publishedOn", "date-out-of-range", "La date est hors du calendrier du service.");
        if (!await db.Campaigns.AnyAsync(campaign => campaign.Id == id, cancellationToken))
            return CampaignPolicies.Unknown();
        db.Add(new KitRow { Id = Guid.CreateVersion7(clock.GetUtcNow()), Campaign = id, Title = title, Address = address.AbsoluteUri, PublishedOn = request.PublishedOn });
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
