using System.Text.Json;
using System.Threading.Channels;
using Cdr.Contracts.Rights;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Answers by the shape of the question; each question is kept with its token.</summary>
public sealed class FakeRights
{
    public List<ConsultationRequest> Asked { get; } = [];

    public List<string> Tokens { get; } = [];

    /// <summary>Null: by the question.</summary>
    public Func<ConsultationRequest, ConsultationAnswer>? Answer { get; set; }

    /// <summary>Between two regimes.</summary>
    public TimeSpan Pace { get; set; } = TimeSpan.Zero;

    /// <summary>Until then the regimes are not told.</summary>
    public Task RegimesKnown { get; set; } = Task.CompletedTask;

    /// <summary>As they are now.</summary>
    public IReadOnlyList<RegimeInfo> Regimes { get; set; } = Samples.Regimes;

    /// <summary>Among the changes: the stream lives, and there is none.</summary>
    public static RegimeInfo Alive { get; } = Samples.Regimes[0] with { Id = "alive" };

    /// <summary>Among the changes: the stream ends by itself.</summary>
    public static RegimeInfo End { get; } = Samples.Regimes[0] with { Id = "end" };

    /// <summary>Told to who follows the regimes, beside their first states; null cuts them.</summary>
    public Channel<RegimeInfo?> Changes { get; } = Channel.CreateUnbounded<RegimeInfo?>();

    /// <summary>Nobody may follow the regimes.</summary>
    public bool FollowingRefused { get; set; }

    /// <summary>The stream ends with this problem after that many events.</summary>
    public (int After, string Code)? Refusal { get; set; }

    /// <summary>Cuts the stream after that many events, once.</summary>
    public int? CutAfter { get; set; }

    /// <summary>Status of the next questions, with a problem.</summary>
    public (int Status, string Code, string Title, string? Field, int? Position)? Problem { get; set; }

    public void Map(WebApplication app)
    {
        app.MapPost("/api/consultations", AskAsync);
        app.MapGet("/api/consultations/{id:guid}", (Guid id) => Results.Json(Samples.Found() with { Id = id }));
        app.MapPost("/api/consultations/{id:guid}/statements", (Guid id) => Results.Json(Samples.Paper(id), statusCode: 201));
        app.MapGet("/api/consultations/{id:guid}/statements", (Guid id, HttpRequest request) =>
            request.Headers is { Accept: ["application/pdf"], Authorization: [{ Length: > 0 }] } ? Results.Bytes("%PDF-1.7"u8.ToArray(), "application/pdf", $"releve-{id}.pdf") : Results.Json(Samples.Paper(id)));
        app.MapGet("/verify/{code?}", () => new StatementVerification(false, null, true));
        app.MapGet("/api/consultations", (HttpRequest request) => Asked.Select(q => new ConsultationSummary(q.Id!.Value, Samples.Now, new DateOnly(2026, 11, 23), q.Reason!, ConsultationOutcome.Found, "cnam", Freshness.Live, 321)).ToArray());
        app.MapGet("/api/regimes", async () =>
        {
            await RegimesKnown;
            return Regimes;
        });
        app.MapGet("/api/regimes/changes", FollowAsync);
    }

    private async Task FollowAsync(HttpContext context)
    {
        if (FollowingRefused)
        {
            await Results.Problem(statusCode: 503).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var regime in Regimes)
            await TellAsync(context, regime);
        await foreach (var change in Changes.Reader.ReadAllAsync(context.RequestAborted))
        {
            if (change is null)
            {
                context.Abort();
                return;
            }

            if (change == End)
                return;
            await TellAsync(context, change);
        }
    }

    private static async Task TellAsync(HttpContext context, RegimeInfo regime)
    {
        await context.Response.WriteAsync(regime == Alive ? $"event: {ConsultationEvents.Alive}\ndata: \n\n" : $"event: {ConsultationEvents.Regime}\ndata: {Json(regime)}\n\n");
        await context.Response.Body.FlushAsync();
    }

    private async Task AskAsync(HttpContext context, ConsultationRequest question)
    {
        Asked.Add(question);
        Tokens.Add(context.Request.Headers.Authorization.ToString());
        if (Problem is { } problem)
        {
            await Results.Problem(statusCode: problem.Status, title: problem.Title, extensions: new Dictionary<string, object?> { ["code"] = problem.Code, ["field"] = problem.Field, ["position"] = problem.Position }).ExecuteAsync(context);
            return;
        }

        var answer = (Answer?.Invoke(question) ?? Samples.For(question)) with { Id = question.Id ?? Guid.Empty };
        context.Response.ContentType = "text/event-stream";
        var sent = 0;
        foreach (var (name, data) in Events(answer))
        {
            if (CutAfter is { } cut && sent++ == cut)
            {
                CutAfter = null;
                context.Abort();
                return;
            }

            if (Refusal is { } refusal && sent++ == refusal.After)
            {
                await context.Response.WriteAsync($"event: {ConsultationEvents.Problem}\ndata: {Json(new { status = 401, title = "Votre session est terminée.", code = refusal.Code })}\n\n");
                return;
            }

            await context.Response.WriteAsync($"event: {name}\ndata: {data}\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Pace);
        }
    }

    private static IEnumerable<(string Name, string Data)> Events(ConsultationAnswer answer)
    {
        yield return (ConsultationEvents.Started, Json(new ConsultationStarted(answer.Id, [.. answer.Regimes.Select(r => r.Regime)])));
        foreach (var regime in answer.Regimes)
            yield return (ConsultationEvents.Regime, Json(regime));
        yield return (ConsultationEvents.Answer, Json(answer));
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
