using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.FollowBatches;

/// <summary>How far batches are: counts, never a line's question.</summary>
internal static class BatchProgressReading
{
    /// <summary>The establishment's own; null for anybody else's as for none.</summary>
    public static async Task<BatchFile?> FindAsync(RightsDb db, Guid id, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var establishment = caller.Establishment.Value;
        var file = await db.BatchFiles.AsNoTracking().FirstOrDefaultAsync(f => f.Id == id && f.Establishment == establishment, cancellationToken);
        await SettleAsync(db, file is null ? [] : [file], now, cancellationToken);
        return file;
    }

    /// <summary>Before anybody is told of a file: lines that were cancelled under way, and whose process died, are answered where the journal says so.</summary>
    public static async Task SettleAsync(RightsDb db, IReadOnlyList<BatchFile> files, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (files.Where(f => f is { CancelledAt: not null, ErasedAt: null }).Select(f => f.Id).ToArray() is { Length: > 0 } cancelled)
            await BatchEnd.SettleAsync(db, cancelled, now, cancellationToken);
    }

    public static ProblemHttpResult NotFound() =>
        Problems.Problem(StatusCodes.Status404NotFound, "batch-not-found", "Ce lot n'existe pas dans votre établissement.", "Vérifiez l'identifiant.");

    public static async Task<BatchProgress> OfAsync(RightsDb db, BatchFile file, BatchOptions options, CancellationToken cancellationToken) =>
        (await OfAsync(db, [file], options, cancellationToken))[0];

    public static async Task<IReadOnlyList<BatchProgress>> OfAsync(RightsDb db, IReadOnlyList<BatchFile> files, BatchOptions options, CancellationToken cancellationToken)
    {
        var ids = files.Select(f => f.Id).ToArray();
        var counts = await db.BatchLines.Where(l => ids.Contains(l.Batch))
            .GroupBy(l => new { l.Batch, l.State, Tried = l.Tries > 0 }).Select(lines => new { lines.Key, Count = lines.Count() }).ToListAsync(cancellationToken);
        return [.. files.Select(file => Of(file, options, [.. counts.Where(one => one.Key.Batch == file.Id).Select(one => (one.Key.State, one.Key.Tried, one.Count))]))];
    }

    /// <summary>Of a file that was accepted this moment: nothing is read for it, which could fail.</summary>
    public static BatchProgress OfNew(BatchFile file, BatchOptions options) => Of(file, options, [(BatchLineState.Waiting, false, file.Lines)]);

    private static BatchProgress Of(BatchFile file, BatchOptions options, IReadOnlyList<(BatchLineState State, bool Tried, int Count)> counts)
    {
        int Count(BatchLineState state, bool onlyTried = false) => counts.Where(one => one.State == state && (one.Tried || !onlyTried)).Sum(one => one.Count);
        var self = $"/api/batches/{file.Id}";
        return new BatchProgress
        {
            Id = file.Id,
            State = file.ErasedAt is not null ? BatchState.Erased : file.CancelledAt is not null ? BatchState.Cancelled : file.EndedAt is not null ? BatchState.Ended : BatchState.UnderWay,
            AcceptedAt = file.AcceptedAt,
            GiveUpAt = file.GiveUpAt,
            EndedAt = file.EndedAt,
            ResultsUntil = file.EndedAt + options.Kept,
            Lines = file.Lines,
            Waiting = Count(BatchLineState.Waiting),
            Postponed = Count(BatchLineState.Waiting, onlyTried: true),
            Answered = Count(BatchLineState.Answered),
            Refused = Count(BatchLineState.Refused),
            Cancelled = Count(BatchLineState.Cancelled),
            Links = new BatchLinks(self, self + "/results", self + "/cancellation"),
        };
    }
}
