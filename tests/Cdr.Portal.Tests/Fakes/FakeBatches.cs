using Cdr.Contracts.Rights;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Files of questions, as small as their pages need.</summary>
public sealed class FakeBatches
{
    public static readonly Guid First = Guid.Parse("01930000-0000-7000-8000-0000000000b1");

    /// <summary>What was handed in: type, text, reason, key.</summary>
    public List<(string Type, string Text, string? Reason, string Key)> Sent { get; } = [];

    /// <summary>What the next file is refused with: status and members.</summary>
    public (int Status, string Title, Dictionary<string, object?> More)? Refusal { get; set; }

    public List<BatchProgress> All { get; } = [];

    /// <summary>Nobody says how far they are.</summary>
    public bool Silent { get; set; }

    /// <summary>A colleague's are not to be cancelled.</summary>
    public bool OfColleague { get; set; }

    /// <summary>Lines with what became of each.</summary>
    public List<BatchLineResult> Lines { get; } = [];

    /// <summary>« after » of each reading of results.</summary>
    public List<string?> Readings { get; } = [];

    /// <summary>What was said to be used, and for what.</summary>
    public List<(Guid Id, string? Use)> Used { get; } = [];

    /// <summary>Answers of a file that cannot be used any more.</summary>
    public int Expired { get; set; }

    /// <summary>A single answer cannot.</summary>
    public bool TooOld { get; set; }

    /// <summary>How many readings of results yet come too soon after another.</summary>
    public int TooSoon { get; set; }

    public static BatchProgress Progress(Guid id, BatchState state, int lines, int waiting, int postponed = 0, int refused = 0) => new()
    {
        Id = id, State = state, AcceptedAt = Samples.Now, GiveUpAt = Samples.Now.AddDays(1), EndedAt = state == BatchState.UnderWay ? null : Samples.Now.AddHours(1),
        ResultsUntil = state == BatchState.UnderWay ? null : Samples.Now.AddDays(30), Lines = lines, Waiting = waiting, Postponed = postponed, Refused = refused,
        Answered = state == BatchState.Cancelled ? 0 : lines - waiting - refused, Cancelled = state == BatchState.Cancelled ? lines - refused : 0,
        Links = new BatchLinks($"/api/batches/{id}", $"/api/batches/{id}/results", $"/api/batches/{id}/cancellation"),
    };

    public void Map(WebApplication app)
    {
        app.MapPost("/api/batches", async (HttpRequest request, string? reason) =>
        {
            using var reader = new StreamReader(request.Body);
            Sent.Add((request.ContentType!, await reader.ReadToEndAsync(), reason, request.Headers["Idempotency-Key"].ToString()));
            if (Refusal is { } refusal)
            {
                Refusal = null;
                return Results.Problem(statusCode: refusal.Status, title: refusal.Title, detail: "Corrigez, puis renvoyez tout le fichier.", extensions: refusal.More);
            }

            All.Add(Progress(First, BatchState.UnderWay, 2, 2));
            return Results.Accepted($"/api/batches/{First}", All[^1]);
        });
        app.MapGet("/api/batches", () => Silent ? Results.Problem(statusCode: 503) : Results.Json(All));
        app.MapGet("/api/batches/{id:guid}", (Guid id) => Silent ? Results.Problem(statusCode: 503)
            : All.Find(one => one.Id == id) is { } known ? Results.Json(known) : Results.Problem(statusCode: 404, title: "Ce lot n'existe pas dans votre établissement."));
        app.MapPost("/api/batches/{id:guid}/cancellation", (Guid id) =>
        {
            if (OfColleague)
                return Results.Problem(statusCode: 403, title: "Ce lot est celui d'un collègue.");
            var at = All.FindIndex(one => one.Id == id);
            return Results.Json(All[at] = Progress(id, BatchState.Cancelled, All[at].Lines, 0));
        });
        app.MapPost("/api/batches/{id:guid}/uses", (Guid id, ConsultationUse use) =>
        {
            Used.Add((id, use.Use));
            return new BatchUses(Lines.Count(line => line.State == BatchLineState.Answered), Expired);
        });
        app.MapPost("/api/consultations/{id:guid}/uses", (Guid id, ConsultationUse use) =>
        {
            Used.Add((id, use.Use));
            return TooOld ? Results.Problem(statusCode: 410, title: "Cette consultation a dépassé sa durée de conservation.") : Results.NoContent();
        });
        app.MapGet("/api/batches/{id:guid}/results", (Guid id, string format, string? after, HttpRequest request) =>
        {
            if (request.Headers.Authorization.Count == 0)
                return Results.Unauthorized();
            if (TooSoon > 0)
            {
                TooSoon--;
                return Results.Problem(statusCode: 429, title: "Ces résultats viennent de vous être donnés.", detail: "Attendez quelques secondes.", extensions: new Dictionary<string, object?> { ["code"] = "results-just-given" });
            }

            if (format == "csv")
                return Results.File("ligne;etat"u8.ToArray(), "text/csv; charset=utf-8", "nom-d-ailleurs.csv");
            Readings.Add(after);
            // As Rights does: those that wait, and those that ended since.
            var given = after is null ? [] : after.Split('-').Where(part => part.Length > 0).Select(int.Parse).ToHashSet();
            var lines = Lines.FindAll(line => !given.Contains(line.Line));
            var next = string.Join('-', given.Union(lines.Where(line => line.State != BatchLineState.Waiting).Select(line => line.Line)));
            return Results.Json(new BatchResults(id, Lines.TrueForAll(line => line.State != BatchLineState.Waiting), lines, next));
        });
    }
}
