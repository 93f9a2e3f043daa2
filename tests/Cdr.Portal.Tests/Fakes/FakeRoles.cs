using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>The administration of roles, as small as its page needs.</summary>
public sealed class FakeRoles
{
    public static readonly Guid Hotline = Guid.Parse("01930000-0000-7000-8000-0000000000aa");

    public List<RoleState> All { get; } = [new(Hotline, "Sacha Petit", CdrRoles.Hotline, null, null, null, null, null, new DateOnly(2026, 1, 1), null)];

    public List<RoleSearch> Searches { get; } = [];

    public List<RoleAssignment> Assignments { get; } = [];

    public ExpiryList Expiries { get; set; } = new("590780193", new DateOnly(2026, 3, 1), [], [], [], []);

    /// <summary>What comes after a trial.</summary>
    public Dictionary<Guid, ExpiryList> More { get; } = [];

    public PostsAnswer Posts { get; set; } = new(new DateOnly(2026, 1, 1), [], [], [], []);

    /// <summary>Days that the posts were asked for.</summary>
    public List<string?> Days { get; } = [];

    public List<HabilitationState> Habilitations { get; } = [];

    public List<GrantRequest> Grants { get; } = [];

    public List<string> Tokens { get; } = [];

    public void Map(WebApplication app)
    {
        app.MapPost("/api/sessions/roles/search", (RoleSearch search, HttpRequest request) =>
        {
            Searches.Add(search);
            Tokens.Add(request.Headers.Authorization.ToString());
            return All;
        });
        app.MapPost("/api/sessions/roles", Results<Ok<RoleState>, ProblemHttpResult> (RoleAssignment assignment) =>
        {
            Assignments.Add(assignment);
            if (assignment.Number.Length < 6)
                return TypedResults.Problem("Préfixe puis numéro.", statusCode: 400, title: "L'identifiant n'est pas valable.", extensions: new Dictionary<string, object?> { ["code"] = "number-invalid", ["field"] = "number" });
            var state = new RoleState(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "", assignment.Role, assignment.Establishment, null, assignment.Unit, assignment.Group, assignment.Regime, new DateOnly(2026, 1, 1), assignment.Until, assignment.Organism);
            All.Add(state);
            return TypedResults.Ok(state);
        });
        app.MapPost("/api/sessions/roles/{id:guid}/withdrawal", (Guid id) =>
        {
            var at = All.FindIndex(one => one.Id == id);
            return All[at] = All[at] with { Until = new DateOnly(2026, 1, 2) };
        });
        app.MapGet("/api/sessions/expiries", (Guid? trialsAfter) => trialsAfter is null ? Expiries : More[trialsAfter.Value]);
        app.MapGet("/api/sessions/posts", (string? on) =>
        {
            Days.Add(on);
            return Posts;
        });
        app.MapGet("/api/sessions/posts.csv", (string? on, HttpRequest request) => request.Headers.Authorization.Count == 0
            ? Results.Unauthorized()
            : Results.File("poste;etat"u8.ToArray(), "text/csv; charset=utf-8", $"postes-{on}.csv"));
        app.MapGet("/api/sessions/habilitations", () => Habilitations);
        app.MapPost("/api/sessions/habilitations", (GrantRequest request) =>
        {
            Grants.Add(request);
            Habilitations.Add(new HabilitationState(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "", request.Role, request.Unit, "grant", new DateOnly(2026, 1, 1), request.Until));
            return Habilitations[^1];
        });
        app.MapPost("/api/sessions/habilitations/{id:guid}/closure", (Guid id, ClosureRequest request) =>
        {
            var at = Habilitations.FindIndex(one => one.Id == id);
            return Habilitations[at] = Habilitations[at] with { Until = request.LastDay ?? new DateOnly(2025, 12, 31) };
        });
        app.MapGet("/api/sessions/administration", () => new AdministrationEntry[]
        {
            new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), TimeProvider.System.GetUtcNow(), "role-assigned", "Camille Martin", CdrRoles.Administrator, Hotline.ToString(), "Sacha Petit", null, "hotline 2026-01-01/"),
        });
    }
}
