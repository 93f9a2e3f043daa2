using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Features.FollowBatches;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.DownloadBatch;

/// <summary>GET /api/batches/{id}/results: what is answered so far. Each answer that is read is journaled as read before a byte leaves.</summary>
internal static class DownloadBatch
{
    private const int AtOnce = 16;
    private const string Unreadable = "answer-unreadable";

    /// <summary>Said of a line whose answer is not what was signed: no key will open it.</summary>
    internal const string Damaged = "answer-damaged";

    /// <summary>Said of a line whose answer will never open again.</summary>
    internal const string KeyGone = "answer-key-gone";

    // Every process has a new key within minutes of the first answer under it: what does not open after an hour does not open.
    private static readonly TimeSpan KeyArrives = TimeSpan.FromHours(1);

    public static RouteHandlerBuilder MapDownloadBatch(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/batches/{id:guid}/results", HandleAsync)
            .RequireAuthorization(RightsPolicies.Batch)
            .Produces<BatchResults>(StatusCodes.Status200OK, "application/json", "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("DownloadBatch")
            .WithSummary("Les résultats d'un lot, même incomplets : JSON, ou CSV avec « format=csv » ou « Accept: text/csv ».")
            .WithDescription("« after », avec la valeur de « next » du dernier appel (ou l'adresse de l'en-tête « Link »), ne rend que ce qui n'a pas encore été rendu : chaque réponse rendue est tracée comme lue. Les mêmes résultats ne se redemandent pas dans les secondes qui suivent (429, « Retry-After »).");

    internal static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, IDbContextFactory<RightsDb> contexts, AnsweredConsultations answered, SealedLine sealing, DownloadPace pace, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken, string? format = null, string? after = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (format is not (null or "json" or "csv"))
            return Problems.Invalid("format", "format-unknown", "Le format n'est pas connu.", "Choisissez json ou csv.");
        if (!GivenLines.TryRead(after, out var given))
            return Problems.Invalid("after", "after-unknown", "Cette valeur n'est pas celle d'un appel précédent.", "Reprenez « next » du dernier appel, ou demandez tout.");
        var csv = format is null ? http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase) : format == "csv";
        var (key, isGiven) = ((string?)null, false);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var now = clock.GetUtcNow();
            if (Caller.From(http.User) is not { } caller || await BatchProgressReading.FindAsync(db, id, caller, now, cancellationToken) is not { } file)
                return BatchProgressReading.NotFound();
            if (file.ErasedAt is not null)
                return Problems.Problem(StatusCodes.Status410Gone, "batch-erased", "Les résultats de ce lot ne sont plus donnés.", "Ses consultations se relisent par leur identifiant, tant que le journal les conserve.");
            var mark = pace.Key(caller, id, csv, after);
            if (await pace.RefusalAsync(http.Response, mark, cancellationToken) is { } tooSoon)
                return tooSoon;
            key = mark;
            var all = await db.BatchLines.AsNoTracking().Where(l => l.Batch == id).OrderBy(l => l.Line).ToListAsync(cancellationToken);
            var lines = all.FindAll(l => l.State == BatchLineState.Waiting || !given.Has(l.Line));
            var results = new (BatchLine Line, string? Reference, byte[]? Answer)[lines.Count];
            await Parallel.ForEachAsync(lines.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, _) =>
            {
                var (place, line) = one;
                results[place] = (line, sealing.Open(line)?.Reference, line.State == BatchLineState.Answered ? await AnswerAsync(answered, line, caller, now, logs) : null);
            });
            foreach (var line in lines.Where(l => HasEnded(l, now)))
                given.Add(line.Line);
            isGiven = true;
            http.Response.Headers.Link = $"</api/batches/{id}/results?after={given}{(format is null ? "" : "&format=" + format)}>; rel=\"next\"";
            return csv
                ? TypedResults.Stream(stream => ResultsCsv.WriteAsync(stream, results, cancellationToken), "text/csv; charset=utf-8", $"lot-{id}.csv")
                : TypedResults.Bytes(Json(id, all.TrueForAll(l => HasEnded(l, now)), given, results), "application/json; charset=utf-8");
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
        finally
        {
            // An outage, or a caller who was cut.
            if (key is not null && !isGiven)
                await pace.ForgetAsync(key);
        }
    }

    /// <summary>
    /// It stays as it is given. Not so an answer whose key this process may have in a moment, nor a line that was cancelled while it was
    /// being asked: it is answered all the same.
    /// </summary>
    private static bool HasEnded(BatchLine line, DateTimeOffset now) => line.State switch
    {
        BatchLineState.Waiting => false,
        BatchLineState.Cancelled => !(line.LeasedUntil > now),
        _ => line.Code != Unreadable,
    };

    /// <summary>One that does not open costs the others nothing.</summary>
    private static async Task<byte[]?> AnswerAsync(AnsweredConsultations answered, BatchLine line, Caller caller, DateTimeOffset now, ILoggerFactory logs)
    {
        try
        {
            return await answered.ReadAsync(line.Consultation, caller);
        }
        catch (AnswerDamagedException e)
        {
            JournalDamage.Tell(logs, line.Consultation, e.Message);
            line.Code = Damaged;
            return null;
        }
        catch (InvalidDataException)
        {
            line.Code = line.EndedAt + KeyArrives < now ? KeyGone : Unreadable;
            return null;
        }
    }

    /// <summary>The answers as they are in the journal, byte for byte.</summary>
    private static byte[] Json(Guid id, bool complete, GivenLines given, (BatchLine Line, string? Reference, byte[]? Answer)[] results)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteBoolean("complete", complete);
            json.WriteString("next", given.ToString());
            json.WriteStartArray("lines");
            foreach (var (line, reference, answer) in results)
            {
                json.WriteStartObject();
                json.WriteNumber("line", line.Line);
                if (reference is not null)
                    json.WriteString("reference", reference);
                json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(line.State.ToString()));
                if (line.Code.Length > 0)
                    json.WriteString("code", line.Code);
                if (line.State == BatchLineState.Waiting)
                    json.WriteString("nextTry", line.NextTry);
                if (answer is not null)
                {
                    json.WritePropertyName("answer");
                    json.WriteRawValue(answer, skipInputValidation: true);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
