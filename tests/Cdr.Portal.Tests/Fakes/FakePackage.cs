using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>The package area, as small as its page needs.</summary>
public sealed class FakePackage
{
    public static readonly Guid Access = Guid.Parse("01930000-0000-7000-8000-0000000000bb");

    public List<PackageRequest> Requests { get; } = [];

    public List<string> Credentials { get; } = [];

    /// <summary>The installation has none.</summary>
    public bool IsAbsent { get; set; }

    public string? Accepted { get; private set; }

    public List<PostTrial> Trials { get; } = [];

    public static TicketDraft Ticket(PostTrial trial) => new(
        TicketKinds.Technical, "Essai d'un poste en échec", "Poste : " + trial.Post + "\nLa carte n'est pas reconnue.", "590780193", trial.Post, trial.Function, trial.Failed ?? [], Access, new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    public void Map(WebApplication app)
    {
        app.MapPost("/api/sessions/package/requests", Results<Ok<PackageCredentials>, ProblemHttpResult> (PackageRequest request) =>
        {
            Requests.Add(request);
            return request.Finess == "590780193"
                ? TypedResults.Ok(new PackageCredentials(Access, "package-secret", new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)))
                : TypedResults.Problem("Vérifiez le numéro.", statusCode: 403, title: "Établissement inconnu.", extensions: new Dictionary<string, object?> { ["code"] = "package-establishment-unknown" });
        });
        app.MapGet("/api/sessions/package", Results<Ok<PackageContents>, ProblemHttpResult> (HttpRequest request) =>
        {
            Credentials.Add(request.Headers.Authorization.ToString());
            if (IsAbsent)
                return TypedResults.Problem(statusCode: 404, title: "Pas de paquet.", extensions: new Dictionary<string, object?> { ["code"] = "package-absent" });
            return IsKnown(request)
                ? TypedResults.Ok(new PackageContents([new PackageFile("prerequis.pdf", 1_048_576, "aa")], "2026-1", "Licence <texte>.", Accepted == "2026-1", [new PackageFolder("windows", [new PackageFile("cdr agent.msi", 2_097_152, "bb")])], [new PackageReader("Lecteur bi-mode A", "04.00", ReaderStates.ToUpdate)]))
                : TypedResults.Problem("Refaites une demande.", statusCode: 401, title: "Identifiants inconnus.", extensions: new Dictionary<string, object?> { ["code"] = "package-credentials-wrong" });
        });
        app.MapPost("/api/sessions/package/licence", (LicenceAcceptance acceptance) =>
        {
            Accepted = acceptance.Version;
            return TypedResults.NoContent();
        });
        app.MapPost("/api/sessions/package/trials", Results<Ok<PostTrialAnswer>, UnauthorizedHttpResult, ProblemHttpResult> (PostTrial trial, HttpRequest request) =>
        {
            if (!IsKnown(request))
                return TypedResults.Unauthorized();
            Trials.Add(trial);
            return trial is { Passed: false, Failed: null or { Count: 0 } }
                ? TypedResults.Problem("Cochez au moins une vérification.", statusCode: 400, title: "Dites ce qui n'a pas marché.", extensions: new Dictionary<string, object?> { ["code"] = "trial-failure-missing", ["field"] = "failed" })
                : TypedResults.Ok(new PostTrialAnswer(Access, trial.Passed ? null : Ticket(trial)));
        });
    }

    private static bool IsKnown(HttpRequest request) =>
        request.Headers.Authorization.Count == 1 && request.Headers.Authorization.ToString().EndsWith(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Access}:package-secret")), StringComparison.Ordinal);
}
