using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cdr.Rights.Features.AskRights;

/// <summary>POST /api/consultations: the question, answered as JSON or as a stream of events whose last is the answer.</summary>
internal static class AskRights
{
    private const string IdempotencyKey = "Idempotency-Key";

    public static RouteHandlerBuilder MapAskRights(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/consultations", HandleAsync)
            .RequireAuthorization(RightsPolicies.Ask)
            .Accepts<ConsultationRequest>("application/json")
            .Produces<ConsultationAnswer>(StatusCodes.Status200OK, "application/json", "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("AskRights")
            .WithSummary("Quels droits cette personne a-t-elle, à cette date de soins ?")
            .WithDescription("L'en-tête « Idempotency-Key » dit la même chose que « id » dans le corps : un UUID version 7. La même question renvoyée sous le même identifiant reçoit la réponse déjà donnée.");

    internal static async Task HandleAsync(
        HttpContext http, [FromHeader(Name = IdempotencyKey)] string? key, QuestionReading reading, Consultations consultations, AnswerStream stream, SessionGate gate, FishingGuard fishing)
    {
        if (Caller.From(http.User) is not { } caller)
        {
            await Problems.Problem(StatusCodes.Status403Forbidden, "no-establishment", "Votre session n'est rattachée à aucun établissement.").ExecuteAsync(http);
            return;
        }

        var session = new CallerSession(gate, caller);
        var (request, problem) = await ReadBodyAsync(http.Request);
        if (request is not null)
            request = WithKey(request, key ?? "", out problem);
        if (request is null || reading.Read(request, caller, out problem) is not { } question)
        {
            await (Refusal(await session.State) ?? problem!).ExecuteAsync(http);
            return;
        }

        Held? held = null;
        if (problem is null)
            (question, held) = await fishing.AdmitAsync(question, CancellationToken.None);
        var refused = problem ?? held?.Problem;
        var run = refused is null ? consultations.Start(question, session) : await consultations.AgainAsync(question, session);
        if (refused is not null && run is null)
        {
            held?.Mark(http.Response);
            await (Refusal(await session.State) ?? refused).ExecuteAsync(http);
            return;
        }

        if (run is null)
            await OtherQuestion().ExecuteAsync(http);
        else if (http.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            await stream.WriteAsync(http, run, session);
        else
            await WriteAsync(http, run, session);
    }

    /// <summary>The header says the same as the body's id: a UUIDv7, bare or in the quotes that the header's draft has around it.</summary>
    private static ConsultationRequest? WithKey(ConsultationRequest request, string key, out ProblemHttpResult? problem)
    {
        problem = null;
        if (key.Length == 0)
            return request;
        if (!Guid.TryParseExact(key.Trim().Trim('"'), "D", out var id))
            problem = Problems.Invalid(IdempotencyKey, "idempotency-key-not-acceptable", "La clé d'idempotence n'est pas acceptable.", "Donnez dans l'en-tête Idempotency-Key un UUID version 7 fabriqué à l'instant.");
        else if (request.Id is { } given && given != id)
            problem = Problems.Invalid(IdempotencyKey, "idempotency-key-of-another", "La clé d'idempotence et l'identifiant du corps diffèrent.", "Donnez l'un des deux, ou le même dans les deux.");
        return problem is null ? request with { Id = id } : null;
    }

    /// <summary>How a run ends for one of its callers, and the problem that this is; null where it is an answer.</summary>
    internal static async Task<(RunEnd End, ProblemHttpResult? Problem)> EndAsync(ConsultationRun run, CallerSession session, CancellationToken leaving)
    {
        var end = await run.End.WaitAsync(leaving);
        return (end, run.Session == session ? ProblemOf(end) : await ProblemOfJoinedAsync(end, session));
    }

    /// <summary>Who joined has a session of their own: it may have ended, and that of who started the run is nothing to them.</summary>
    private static async Task<ProblemHttpResult?> ProblemOfJoinedAsync(RunEnd end, CallerSession session) =>
        Refusal(await session.NowAsync()) ?? (end is RunEnd.SessionEnded ? Problems.SessionUnknown() : ProblemOf(end));

    /// <summary>What a session that is not alive is told; null where it is.</summary>
    internal static ProblemHttpResult? Refusal(SessionState session) => session switch
    {
        SessionState.Ended => Problems.SessionEnded(),
        SessionState.Doubtful or SessionState.Silent => Problems.SessionUnknown(),
        _ => null,
    };

    private static ProblemHttpResult? ProblemOf(RunEnd end) => end switch
    {
        // The id of a batch's line is nobody else's.
        RunEnd.OtherQuestion or RunEnd.Postponed => OtherQuestion(),
        RunEnd.NotOpened { IsDamaged: true } => JournalDamage.Problem(),
        RunEnd.NotOpened => AnswerNotOpened.Problem(),
        RunEnd.SessionEnded => Problems.SessionEnded(),
        RunEnd.SessionUnknown => Problems.SessionUnknown(),
        RunEnd.NoJournal => Problems.Problem(
            StatusCodes.Status503ServiceUnavailable, "journal-unavailable", "La réponse ne peut pas être journalisée en ce moment, elle n'est donc pas donnée.", "Réessayez dans quelques instants, avec le même identifiant de consultation."),
        _ => null,
    };

    private static async Task WriteAsync(HttpContext http, ConsultationRun run, CallerSession session)
    {
        // Who leaves cancels nothing, and is not watched: a token a request costs more than a late end of one.
        var end = await run.End;
        if ((run.Session == session ? ProblemOf(end) : await ProblemOfJoinedAsync(end, session)) is { } problem)
        {
            await problem.ExecuteAsync(http);
            return;
        }

        var body = ((RunEnd.Answered)end).Body;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.BodyWriter.WriteAsync(body);
    }

    internal static ProblemHttpResult OtherQuestion() =>
        Problems.Problem(StatusCodes.Status409Conflict, "id-of-another-question", "Cet identifiant est celui d'une autre consultation.", "Donnez un nouvel identifiant à chaque nouvelle question.");

    /// <summary>Read here rather than bound: a wrong member is then named, and its value is not repeated.</summary>
    private static async Task<(ConsultationRequest? Request, ProblemHttpResult? Problem)> ReadBodyAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return (null, Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "content-type-unsupported", "Le type de contenu n'est pas accepté.", "Envoyez du JSON : Content-Type: application/json."));
        try
        {
            var body = await ReadWholeAsync(request.BodyReader);
            return body is null ? (null, Unreadable(null)) : (body, null);
        }
        catch (JsonException e)
        {
            return (null, Unreadable(e.Path));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Problems.Problem(StatusCodes.Status413PayloadTooLarge, "request-too-large", "La demande est trop volumineuse.", "Une question tient en 64 Kio."));
        }
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>A question is small and mostly there at once: read whole, then parsed.</summary>
    private static async ValueTask<ConsultationRequest?> ReadWholeAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.IsCompleted)
            {
                try
                {
                    var text = read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray();
                    // Older programs put a mark of byte order before their JSON.
                    return JsonSerializer.Deserialize(text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text, RightsJson.Default.ConsultationRequest);
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ProblemHttpResult Unreadable(string? path)
    {
        // A path is made of our own member names, unless the caller invented one: then it is theirs, and not repeated.
        var field = path is { Length: > 2 } && path.StartsWith("$.", StringComparison.Ordinal) && KnownMember(path[2..]) ? path[2..] : null;
        return field is null
            ? Problems.Problem(StatusCodes.Status400BadRequest, "request-unreadable", "La demande n'est pas lisible.", "Le corps doit être un objet JSON conforme à la description de l'API.")
            : Problems.Invalid(field, "member-unreadable", "Ce champ n'est pas lisible.", "Vérifiez son type dans la description de l'API.");
    }

    private static bool KnownMember(string path)
    {
        var type = (JsonTypeInfo?)RightsJson.Default.ConsultationRequest;
        foreach (var name in path.Split('.'))
        {
            if (type?.Properties.FirstOrDefault(one => one.Name == name) is not { } member)
                return false;
            type = RightsJson.Default.GetTypeInfo(member.PropertyType);
        }

        return true;
    }
}
