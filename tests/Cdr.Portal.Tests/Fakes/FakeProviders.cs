using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Sign-in by a provider, as Sessions answers the portal: the binding of the browser that began, and no other.</summary>
public sealed class FakeProviders
{
    public const string Provider = "https://provider.test/authorize?state=state-1";

    private static readonly Activity Emergencies = new(Guid.Parse("01930000-0000-7000-8000-000000000001"), CdrRoles.Clerk, "Urgences – Hôpital Saint-Roch", "590780193", "Hôpital Saint-Roch", "Urgences", "emergencies");
    private static readonly Activity Invoicing = new(Guid.Parse("01930000-0000-7000-8000-000000000002"), CdrRoles.Clerk, "Facturation – Clinique du Parc", "590782421", "Clinique du Parc", "Facturation", "invoicing");

    public List<ProviderView> All { get; } = [];

    public List<ProviderAnswer> Answers { get; } = [];

    /// <summary>What a session that has ended hands to its provider; null: the session lives.</summary>
    public ProviderLogout? Logout { get; set; } = new(null);

    public void Map(WebApplication app)
    {
        app.MapPost("/api/sessions/{id:guid}/provider-logout", Results<Ok<ProviderLogout>, UnauthorizedHttpResult> (Guid id, RenewalRequest request) =>
            Logout is not null && request.Renewal == "renewal-secret" ? TypedResults.Ok(Logout) : TypedResults.Unauthorized());
        app.MapGet("/api/sessions/providers", () => All);
        app.MapPost("/api/sessions/providers/{id}/requests", Results<Ok<ProviderRequest>, NotFound> (string id) => All.Any(one => one.Id == id)
            ? TypedResults.Ok(new ProviderRequest(Provider, "binding-1", TimeProvider.System.GetUtcNow().AddMinutes(10)))
            : TypedResults.NotFound());
        app.MapPost("/api/sessions/providers/answers", Answer);
    }

    private Results<Ok<Opening>, ProblemHttpResult> Answer(ProviderAnswer answer)
    {
        Answers.Add(answer);
        if (answer is not { Binding: "binding-1", State: "state-1" })
            return TypedResults.Problem("Recommencez la connexion.", statusCode: 403, title: "Cette connexion a été commencée dans un autre navigateur.", extensions: new Dictionary<string, object?> { ["code"] = "provider-other-browser" });
        var until = TimeProvider.System.GetUtcNow().AddSeconds(30);
        return TypedResults.Ok(answer.Code == "two" ? new Opening("t-two", until, [Emergencies, Invoicing], Guid.Empty, 0) : new Opening("t-clerk", until, [Emergencies], Guid.Empty, 0));
    }
}
