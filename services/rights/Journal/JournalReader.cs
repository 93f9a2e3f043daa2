using Cdr.Contracts.Rights;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal;

/// <summary>Reads batches again, as the facts they were told as.</summary>
internal sealed class JournalReader(IDbContextFactory<RightsDb> contexts)
{
    /// <summary>Batches after <paramref name="after"/>, in order; each number is there even if it holds no fact.</summary>
    public async Task<IReadOnlyList<ConsultationsAnswered>> BatchesAsync(Guid journal, long after, int take, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var numbers = await db.Batches.Where(b => b.Journal == journal && b.Batch > after).OrderBy(b => b.Batch).Take(take).Select(b => b.Batch).ToListAsync(cancellationToken);
        if (numbers.Count == 0)
            return [];
        var last = numbers[^1];
        // The payload and hashes stay where they are: a fact needs the plain columns only.
        var records = await db.Records.AsNoTracking()
            .Where(r => r.Journal == journal && r.Batch > after && r.Batch <= last && r.Kind == RecordKind.Answered)
            .OrderBy(r => r.Batch).ThenBy(r => r.Position)
            .Select(r => new JournalRecord
            {
                Id = r.Id, Consultation = r.Consultation, Kind = r.Kind, Journal = r.Journal, Batch = r.Batch, Position = r.Position, At = r.At,
                Subject = "", Session = "", Role = "", Establishment = r.Establishment, Group = r.Group, Department = r.Department, Unit = r.Unit,
                Function = r.Function, Reason = r.Reason, CareDate = r.CareDate, Outcome = r.Outcome, Regime = r.Regime, Source = r.Source,
                Milliseconds = r.Milliseconds, Regimes = r.Regimes, Pseudonym = Array.Empty<byte>(), Request = Array.Empty<byte>(), RulesVersion = "", TraceId = "",
            })
            .ToListAsync(cancellationToken);
        var byBatch = records.ToLookup(r => r.Batch);
        return [.. numbers.Select(number => JournalFacts.Message(journal, number, [.. byBatch[number]]))];
    }

    /// <summary>The last batch of each journal: one index look-up a writer, whatever the length of its chain.</summary>
    public static IQueryable<JournalBatch> Heads(RightsDb db) =>
        db.Writers.SelectMany(w => db.Batches.Where(b => b.Journal == w.Journal).OrderByDescending(b => b.Batch).Take(1));

    /// <summary>Every journal with its last batch.</summary>
    public async Task<IReadOnlyList<JournalHead>> HeadsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await Heads(db).ToListAsync(cancellationToken)).Select(b => new JournalHead(b.Journal, b.Batch)).OrderBy(h => h.Journal)];
    }
}
