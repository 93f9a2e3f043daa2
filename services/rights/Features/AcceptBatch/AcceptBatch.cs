using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Features.FollowBatches;
using Cdr.Rights.Fishing;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Features.AcceptBatch;

/// <summary>POST /api/batches: a file of questions, taken whole or not at all.</summary>
internal static class AcceptBatch
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 100;

    public static RouteHandlerBuilder MapAcceptBatch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/batches", HandleAsync)
            .RequireAuthorization(RightsPolicies.Batch)
            .WithMetadata(new RequestSizeLimitAttribute(BatchOptions.MostBytes))
            .Accepts<IReadOnlyList<BatchQuestion>>("application/json", "text/csv")
            .Produces<BatchProgress>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("AcceptBatch")
            .WithSummary("Un lot de questions pour la facturation : 500 au plus, JSON ou CSV.")
            .WithDescription("Le fichier est lu en entier d'abord : une seule ligne fautive, et rien n'est accepté ; toutes les lignes fautives sont nommées (« faults »). « reason » vaut pour les lignes qui n'ont pas de motif. L'en-tête « Idempotency-Key » (100 caractères au plus) rend l'envoi répétable.");

    internal static async Task<Results<Accepted<BatchProgress>, ProblemHttpResult>> HandleAsync(
        HttpContext http, [FromQuery] string? reason, [FromHeader(Name = KeyHeader)] string? key, BatchReading reading, SealedLine sealing, IDbContextFactory<RightsDb> contexts, BatchPump pump, BatchMeter meter, FishingGuard fishing,
        IOptions<BatchOptions> options, [FromKeyedServices(RightsModule.Name)] Pseudonyms pseudonyms, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Caller.From(http.User) is not { } caller)
            return Problems.Problem(StatusCodes.Status403Forbidden, "no-establishment", "Votre session n'est rattachée à aucun établissement.");
        if (IsCsv(http.Request.ContentType) is not { } isCsv)
            return Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "content-type-unsupported", "Le type de contenu n'est pas accepté.", "Envoyez du JSON (application/json) ou du CSV en UTF-8 (text/csv).");
        if (key is { Length: 0 or > LongestKey })
            return Problems.Invalid(KeyHeader, "idempotency-key-unacceptable", $"La clé d'idempotence a de 1 à {LongestKey} caractères.");
        byte[] file;
        try
        {
            file = await ReadAsync(http.Request, cancellationToken);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.Problem(StatusCodes.Status413PayloadTooLarge, "request-too-large", "Le fichier est trop volumineux.", "Un lot tient en 1 Mio et 500 questions.");
        }

        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var sent = Sent(file, isCsv, reason);
            if (key is not null && await BeforeAsync(db, caller, key, pseudonyms, cancellationToken) is { } before)
                return await AgainAsync(db, before, pseudonyms, sent, options.Value, cancellationToken);
            if (fishing.OfFile(caller) is { } held)
            {
                held.Mark(http.Response);
                return held.Problem;
            }

            var (questions, problem) = reading.Read(file, isCsv, reason, caller);
            if (problem is not null)
                return problem;
            if (await WouldWaitAsync(db, caller, questions.Count, options.Value, cancellationToken))
            {
                http.Response.Headers.RetryAfter = "300";
                return Problems.Problem(StatusCodes.Status429TooManyRequests, "batches-too-many", "Trop de lignes de lots attendent déjà leur réponse.", "Renvoyez ce fichier quand des lots seront terminés, ou annulez-en un. Rien n'a été accepté.");
            }

            var now = clock.GetUtcNow();
            var batch = BatchFile.Of(
                Guid.CreateVersion7(now), caller, questions.Count, key is null ? null : pseudonyms.Of("batch-key", KeyText(caller, key)), pseudonyms.Of("batch-file", sent), now, options.Value.GiveUpAfter);
            db.BatchFiles.Add(batch);
            db.BatchLines.AddRange(questions.Select((question, place) => new BatchLine
            {
                Batch = batch.Id, Line = place + 1, Consultation = Guid.CreateVersion7(now), Question = sealing.Seal(batch.Id, place + 1, question), State = BatchLineState.Waiting, NextTry = now,
            }));
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException e) when (key is not null && !JournalOutage.Is(e))
            {
                // The same key, at the same moment, through another request.
                db.ChangeTracker.Clear();
                if (await BeforeAsync(db, caller, key, pseudonyms, cancellationToken) is not { } other)
                    throw;
                return await AgainAsync(db, other, pseudonyms, sent, options.Value, cancellationToken);
            }

            meter.Accepted();
            pump.Wake();
            return Accepted(BatchProgressReading.OfNew(batch, options.Value));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    private static async Task<Results<Accepted<BatchProgress>, ProblemHttpResult>> AgainAsync(
        RightsDb db, BatchFile before, Pseudonyms pseudonyms, string sent, BatchOptions options, CancellationToken cancellationToken) =>
        pseudonyms.AllOf("batch-file", sent).Any(one => one.Pseudonym.AsSpan().SequenceEqual(before.Fingerprint))
            ? Accepted(await BatchProgressReading.OfAsync(db, before, options, cancellationToken))
            : Problems.Problem(StatusCodes.Status409Conflict, "key-of-another-file", "Cette clé d'idempotence est celle d'un autre fichier.", "Donnez une nouvelle clé à chaque nouveau fichier.");

    private static Accepted<BatchProgress> Accepted(BatchProgress progress) => TypedResults.Accepted(progress.Links.Self, progress);

    /// <summary>Whether it has no place in the lane: others of the country wait in it too.</summary>
    private static async Task<bool> WouldWaitAsync(RightsDb db, Caller caller, int more, BatchOptions options, CancellationToken cancellationToken)
    {
        var establishment = caller.Establishment.Value;
        var waiting = await db.BatchFiles.Where(f => f.Establishment == establishment && f.EndedAt == null && f.ErasedAt == null)
            .Select(f => new { f.Subject, Lines = db.BatchLines.Count(l => l.Batch == f.Id && l.State == BatchLineState.Waiting) }).ToListAsync(cancellationToken);
        return waiting.Sum(f => f.Lines) + more > options.MostWaitingOfAnEstablishment || waiting.Where(f => f.Subject == caller.Subject).Sum(f => f.Lines) + more > options.MostWaitingOfAPerson;
    }

    private static async Task<BatchFile?> BeforeAsync(RightsDb db, Caller caller, string key, Pseudonyms pseudonyms, CancellationToken cancellationToken)
    {
        var establishment = caller.Establishment.Value;
        foreach (var (_, hash) in pseudonyms.AllOf("batch-key", KeyText(caller, key)))
        {
            if (await db.BatchFiles.AsNoTracking().FirstOrDefaultAsync(f => f.Establishment == establishment && f.Subject == caller.Subject && f.Key == hash, cancellationToken) is { } before)
                return before;
        }

        return null;
    }

    private static string KeyText(Caller caller, string key) => SubjectText.Parts(caller.Establishment.Value, caller.Subject, key);

    /// <summary>All that the accepted questions follow from; hashed with a key before it is stored.</summary>
    private static string Sent(byte[] file, bool isCsv, string? reason) => SubjectText.Parts(isCsv ? "csv" : "json", reason, Base64Url.EncodeToString(SHA256.HashData(file)));

    private static bool? IsCsv(string? contentType) =>
        !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) || type.CharSet is { } charset && !charset.Trim('"').Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase) ? null
        : type.MediaType?.ToLowerInvariant() switch { "text/csv" => true, "application/json" => false, _ => null };

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await request.Body.CopyToAsync(whole, cancellationToken);
        return whole.ToArray();
    }
}
