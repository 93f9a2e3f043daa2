using Cdr.Contracts.Support;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Programs that are told, as small as the page needs.</summary>
public sealed class FakeWebhooks
{
    public List<Webhook> All { get; } = [];

    public List<WebhookDelivery> Deliveries { get; } = [];

    /// <summary>Nothing can be said now.</summary>
    public bool Down { get; set; }

    public List<Guid> Replayed { get; } = [];

    internal void Map(WebApplication app)
    {
        app.MapGet("/api/support/webhooks", () => Down ? Results.Problem(statusCode: 503, title: "Pas maintenant.") : Results.Ok(All));
        app.MapPost("/api/support/webhooks", (WebhookRequest request) =>
        {
            if (!request.Url.StartsWith("https://", StringComparison.Ordinal))
                return Results.Problem(statusCode: 400, title: "L'adresse doit commencer par https://.", extensions: new Dictionary<string, object?> { ["code"] = "url-not-https" });
            All.Add(new Webhook(Guid.Parse("01930000-0000-7000-8000-0000000000f1"), request.Url, Samples.Now, null, null));
            return Results.Ok(new WebhookCreated(All[^1], "c2VjcmV0"));
        });
        app.MapPost("/api/support/webhooks/{id:guid}/enabling", (Guid id) => All[0] = All[0] with { DisabledAt = null, FailingSince = null });
        app.MapDelete("/api/support/webhooks/{id:guid}", (Guid id) =>
        {
            All.RemoveAll(one => one.Id == id);
            return Results.NoContent();
        });
        app.MapGet("/api/support/webhooks/{id:guid}/deliveries", () => Deliveries);
        app.MapPost("/api/support/webhooks/{id:guid}/deliveries/{delivery:guid}/replay", (Guid delivery) =>
        {
            Replayed.Add(delivery);
            return Deliveries[0] = Deliveries[0] with { State = DeliveryState.Waiting };
        });
    }
}
