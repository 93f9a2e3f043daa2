using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Cdr.Support.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.KeepWebhooks;

/// <summary>Programs of a regime or of a group: registered, looked after and removed by its own people.</summary>
internal sealed class KeepWebhooks(SupportDb db, WebhookBook book, WebhookBell bell, IOptions<WebhookOptions> options, TimeProvider clock)
{
    private const int Most = 10;
    private const int MostDeliveries = 100;
    private const int MostUrl = 500;

    public async Task<List<Webhook>> ListAsync(string owner, CancellationToken cancellationToken) =>
        (await db.Webhooks.AsNoTracking().Where(row => row.Owner == owner).OrderBy(row => row.Id).ToListAsync(cancellationToken)).ConvertAll(book.Show);

    public async Task<Results<Created<WebhookCreated>, ProblemHttpResult>> RegisterAsync(WebhookRequest request, string owner, Actor actor, CancellationToken cancellationToken)
    {
        if (request.Url is not { Length: <= MostUrl } typed || !Uri.TryCreate(typed.Trim(), UriKind.Absolute, out var url))
            return Problems.Invalid("url", "url-invalid", "Ce n'est pas une adresse.", "Écrivez-la entière, comme https://exemple.fr/cdr.");
        if (WebhookClient.Fault(url, options.Value.AllowPrivate) is { } fault)
            return Problems.Invalid("url", fault, fault switch
            {
                "url-not-https" => "L'adresse doit commencer par https://.",
                "url-private" => "L'adresse est celle d'un réseau privé.",
                _ => "L'adresse ne doit contenir ni utilisateur, ni mot de passe, ni fragment.",
            }, "Donnez une adresse https qu'Internet connaît ; la signature dit que l'appel vient d'ici.");
        if (await db.Webhooks.CountAsync(row => row.Owner == owner, cancellationToken) >= Most)
            return Problems.Problem(StatusCodes.Status409Conflict, "webhooks-many", $"Il y a déjà {Most} programmes.", "Retirez-en un.");
        var now = clock.GetUtcNow();
        var row = book.Make(Guid.CreateVersion7(now), owner, url, actor, now, out var secret);
        db.Webhooks.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/api/support/webhooks/{row.Id}", new WebhookCreated(book.Show(row), Convert.ToBase64String(secret)));
    }

    public async Task<Results<Ok<Webhook>, ProblemHttpResult>> EnableAsync(Guid id, string owner, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, owner, cancellationToken) is not { } row)
            return Unknown();
        (row.DisabledAt, row.FailingSince) = (null, null);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(book.Show(row));
    }

    public async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, string owner, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, owner, cancellationToken) is not { } row)
            return Unknown();
        await db.Deliveries.Where(one => one.Webhook == id).ExecuteDeleteAsync(cancellationToken);
        db.Webhooks.Remove(row);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    public async Task<Results<Ok<List<WebhookDelivery>>, ProblemHttpResult>> DeliveriesAsync(Guid id, string owner, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, owner, cancellationToken) is null)
            return Unknown();
        var rows = await db.Deliveries.AsNoTracking().Where(row => row.Webhook == id).OrderByDescending(row => row.Id).Take(MostDeliveries).ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(WebhookBook.Show));
    }

    public async Task<Results<Ok<WebhookDelivery>, ProblemHttpResult>> ReplayAsync(Guid id, Guid delivery, string owner, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, owner, cancellationToken) is not { } webhook || await db.Deliveries.FirstOrDefaultAsync(row => row.Id == delivery && row.Webhook == id, cancellationToken) is not { } row)
            return Unknown();
        if (webhook.DisabledAt is not null)
            return Problems.Problem(StatusCodes.Status409Conflict, "webhook-disabled", "Ce programme est désactivé après ses échecs.", "Réactivez-le, puis rejouez l'envoi.");
        var now = clock.GetUtcNow();
        (row.State, row.DueAt, row.Since, row.Attempts, row.Fault) = (DeliveryState.Waiting, now, now, 0, null);
        await db.SaveChangesAsync(cancellationToken);
        bell.Ring();
        return TypedResults.Ok(WebhookBook.Show(row));
    }

    private Task<WebhookRow?> FindAsync(Guid id, string owner, CancellationToken cancellationToken) => db.Webhooks.FirstOrDefaultAsync(row => row.Id == id && row.Owner == owner, cancellationToken);

    private static ProblemHttpResult Unknown() => Problems.Problem(StatusCodes.Status404NotFound, "webhook-not-found", "Ce programme n'existe pas, ou n'est pas des vôtres.", "Relisez la liste.");
}

internal static class KeepWebhooksEndpoints
{
    public static void MapKeepWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("/api/support/webhooks").RequireAuthorization(SupportPolicies.Webhooks).AddEndpointFilter(NoStoreAsync);
        webhooks.MapGet("", ListAsync).WithName("listWebhooks").WithSummary("Programs that are told when a ticket of the caller's regime or group moves.").ProducesProblem(403);
        webhooks.MapPost("", RegisterAsync).WithName("registerWebhook").WithSummary("Registers one; its secret is said once.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
        webhooks.MapPost("/{id:guid}/enabling", EnableAsync).WithName("enableWebhook").WithSummary("Enables one that was disabled after its failures.").ProducesProblem(403).ProducesProblem(404);
        webhooks.MapDelete("/{id:guid}", RemoveAsync).WithName("removeWebhook").WithSummary("Removes it.").ProducesProblem(403).ProducesProblem(404);
        webhooks.MapGet("/{id:guid}/deliveries", DeliveriesAsync).WithName("listDeliveries").WithSummary("What it was told, newest first.").ProducesProblem(403).ProducesProblem(404);
        webhooks.MapPost("/{id:guid}/deliveries/{delivery:guid}/replay", ReplayAsync).WithName("replayDelivery").WithSummary("Tells it again now, under the same id.").ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
    }

    internal static async Task<Results<Ok<List<Webhook>>, ProblemHttpResult>> ListAsync(ClaimsPrincipal user, KeepWebhooks webhooks, CancellationToken cancellationToken) =>
        Of(user) is { } who ? TypedResults.Ok(await webhooks.ListAsync(who.Owner, cancellationToken)) : TicketProblems.NoScope();

    internal static async Task<Results<Created<WebhookCreated>, ProblemHttpResult>> RegisterAsync(WebhookRequest request, ClaimsPrincipal user, KeepWebhooks webhooks, CancellationToken cancellationToken) =>
        Of(user) is { } who ? await webhooks.RegisterAsync(request, who.Owner, who.Actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<Webhook>, ProblemHttpResult>> EnableAsync(Guid id, ClaimsPrincipal user, KeepWebhooks webhooks, CancellationToken cancellationToken) =>
        Of(user) is { } who ? await webhooks.EnableAsync(id, who.Owner, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, ClaimsPrincipal user, KeepWebhooks webhooks, CancellationToken cancellationToken) =>
        Of(user) is { } who ? await webhooks.RemoveAsync(id, who.Owner, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<List<WebhookDelivery>>, ProblemHttpResult>> DeliveriesAsync(Guid id, ClaimsPrincipal user, KeepWebhooks webhooks, CancellationToken cancellationToken) =>
        Of(user) is { } who ? await webhooks.DeliveriesAsync(id, who.Owner, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<WebhookDelivery>, ProblemHttpResult>> ReplayAsync(Guid id, Guid delivery, ClaimsPrincipal user, KeepWebhooks webhooks, CancellationToken cancellationToken) =>
        Of(user) is { } who ? await webhooks.ReplayAsync(id, delivery, who.Owner, cancellationToken) : TicketProblems.NoScope();

    private static (Actor Actor, string Owner)? Of(ClaimsPrincipal user) => Actor.From(user) is { } actor && WebhookBook.OwnerOf(actor) is { } owner ? (actor, owner) : null;

    private static async ValueTask<object?> NoStoreAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return await next(context);
    }
}
