using Cdr.Contracts.Rights;
using Cdr.Rights.Journal.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Journal;

/// <summary>Reads batches again, as the facts they were told as.</summary>
internal sealed class JournalReader(IDbContextFactory<RightsDb> contexts, IOptions<RetentionOptions> retention, TimeProvider clock)
{
    /// <summary>Batches after <paramref name="after"/>, in order; each number is there even if it holds no fact.</summary>
    public async Task<IReadOnlyList<ConsultationsAnswered>> BatchesAsync(Guid journal, long after, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var batches = await db.Batches.Where(b => b.Journal == journal && b.Batch > after).OrderBy(b => b.Batch).Take(take).Select(b => new { b.Batch, b.Ids }).ToListAsync(cancellationToken);
        if (batches.Count == 0)
            return [];
        var ids = batches.SelectMany(b => b.Ids).ToArray();
        // The payload and hashes stay where they are: a fact needs the plain columns only.
        var records = await db.Records.AsNoTracking()
            .Where(r => ids.Contains(r.Id) && r.Kind == RecordKind.Answered)
            .Select(r => new JournalRecord
            {
                Id = r.Id, Consultation = r.Consultation, Kind = r.Kind, Journal = r.Journal, Batch = r.Batch, Position = r.Position, At = r.At,
                Subject = "", Session = "", Role = "", Establishment = r.Establishment, Group = r.Group, Department = r.Department, Unit = r.Unit,
                Function = r.Function, Reason = r.Reason, CareDate = r.CareDate, Outcome = r.Outcome, Regime = r.Regime, Source = r.Source,
                Milliseconds = r.Milliseconds, Regimes = r.Regimes, Pseudonym = Array.Empty<byte>(), Request = Array.Empty<byte>(), RulesVersion = "", TraceId = "",
            })
            .ToListAsync(cancellationToken);
        var byBatch = records.ToLookup(r => r.Batch);
        return [.. batches.Select(b => JournalFacts.Message(journal, b.Batch, [.. byBatch[b.Batch].OrderBy(r => r.Position)]))];
    }

    /// <summary>The last batch of each journal: one index look-up a writer, whatever the length of its chain.</summary>
    public static IQueryable<JournalBatch> Heads(RightsDb db) =>
        db.Writers.SelectMany(w => db.Batches.Where(b => b.Journal == w.Journal).OrderByDescending(b => b.Batch).Take(1));

    /// <summary>Every journal with its last batch.</summary>
    public async Task<IReadOnlyList<JournalHead>> HeadsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = await KeptSinceAsync(db, cancellationToken);
        return [.. (await Heads(db).Select(b => new { b.Journal, b.Batch }).ToListAsync(cancellationToken)).Select(b => new JournalHead(b.Journal, b.Batch, kept)).OrderBy(h => h.Journal)];
    }

    /// <summary>What the clock says now, or what a purge went by where it went further: a clock that was set longer since brings nothing back.</summary>
    private async Task<DateTimeOffset> KeptSinceAsync(RightsDb db, CancellationToken cancellationToken)
    {
        var kept = retention.Value.TracesUntil(clock.GetUtcNow());
        // No purge takes what is younger than the floor: one that ran before this took nothing that the clock of now would keep.
        var since = kept.AddMonths(RetentionOptions.Floor);
        var runs = await db.Writers.Where(w => w.Host.EndsWith(JournalPurge.HostMark) && w.Started > since)
            .Join(db.Batches, w => w.Journal, b => b.Journal, (w, b) => b.Ids).ToListAsync(cancellationToken);
        var ids = runs.SelectMany(run => run).ToArray();
        if (ids.Length == 0)
            return kept;
        var notes = await db.Records.Where(r => ids.Contains(r.Id)).Select(r => r.Regimes).Distinct().ToListAsync(cancellationToken);
        return notes.Select(note => PurgeNote.Read(note)?.Until ?? kept).Append(kept).Max();
    }
}
