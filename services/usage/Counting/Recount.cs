using Cdr.Contracts.Rights;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Counting;

/// <summary>
/// Forgets what the journal still holds, so that it is counted again from its first batch, by whoever catches up first: this program or a
/// running service. Older months stay as they are, frozen.
/// </summary>
internal sealed class Recount(IDbContextFactory<UsageDb> contexts)
{
    // What is forgotten must be in the journal until it is counted again, by a rebuild that was killed too: a purge may come meanwhile.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(7);

    /// <summary>The journals, where one of them is not counted again to where an earlier recount found it; null: all are.</summary>
    public async Task<IReadOnlyList<JournalHead>?> UnfinishedAsync(IJournalApi journals, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Journals.AnyAsync(j => j.LastBatch < j.RecountedTo, cancellationToken))
            return null;
        var heads = await journals.HeadsAsync(cancellationToken);
        return await UnfinishedAsync(db, heads, cancellationToken) is null ? null : heads;
    }

    /// <summary>In one transaction: whatever dies, each batch is counted once.</summary>
    /// <param name="journals">Those that Rights has: another one could not be counted again.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>The first month that is counted again, and the journals; null where Rights has none, and nothing is forgotten.</returns>
    public async Task<(DateOnly First, IReadOnlyList<JournalHead> Heads)?> ForgetAsync(IJournalApi journals, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // As long as it takes: millions of rows may go.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Nothing is counted from here on: a journal that began a moment ago, and was counted, is among those that are asked for now.
        if (db.Database.IsNpgsql())
            await db.Database.ExecuteSqlRawAsync("LOCK TABLE journals IN EXCLUSIVE MODE", cancellationToken);

        var heads = await journals.HeadsAsync(cancellationToken);
        if (heads.Count == 0)
            return null;
        var ids = heads.Select(head => head.Journal).ToList();

        var first = await FirstAsync(db, heads, cancellationToken);
        var day = Periods.FirstDay(first);

        await db.Journals.Where(j => ids.Contains(j.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.RecountedTo, j => j.RecountedTo > j.LastBatch ? j.RecountedTo : j.LastBatch).SetProperty(j => j.FrozenBefore, first).SetProperty(j => j.LastBatch, 0L)
                // What is not in the sums of frozen months is still not.
                .SetProperty(j => j.SummedTo, j => j.SummedTo < 0 ? j.SummedTo : 0L),
            cancellationToken);
        foreach (var table in RollupTable.All)
        {
            var sql = $"DELETE FROM {table.Name} WHERE period >= {{0}}";
            await db.Database.ExecuteSqlRawAsync(sql, [Periods.Of(table.Grain, day)], cancellationToken);
        }

        await db.RegimeDaily.Where(row => row.Day >= day).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (day, heads);
    }

    /// <summary>What <see cref="ForgetAsync"/> would forget, read and left as it is.</summary>
    public async Task<(DateOnly First, IReadOnlyList<JournalHead> Heads)?> LookAsync(IJournalApi journals, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var heads = await journals.HeadsAsync(cancellationToken);
        return heads.Count == 0 ? null : (Periods.FirstDay(await FirstAsync(db, heads, cancellationToken)), heads);
    }

    private static async Task<int> FirstAsync(UsageDb db, IReadOnlyList<JournalHead> heads, CancellationToken cancellationToken)
    {
        // The first month that the journal holds whole, and still will when it is counted again.
        var first = Periods.Of(Grain.Month, heads.Max(head => head.KeptSince) + Margin) + 1;
        // A recount that another one interrupts has forgotten older months than this one would: they are counted again too.
        return Math.Min(first, await UnfinishedAsync(db, heads, cancellationToken) ?? first);
    }

    /// <summary>The first month that an earlier recount forgot, where it did not come to its end.</summary>
    private static async Task<int?> UnfinishedAsync(UsageDb db, IReadOnlyList<JournalHead> heads, CancellationToken cancellationToken)
    {
        var ends = heads.ToDictionary(head => head.Journal, head => head.LastBatch);
        var behind = await db.Journals.Where(j => j.LastBatch < j.RecountedTo).Select(j => new { j.Id, j.LastBatch, j.FrozenBefore }).ToListAsync(cancellationToken);
        // One that was restored to an earlier batch ends there, and never comes to where it was.
        return behind.Where(one => ends.TryGetValue(one.Id, out var end) && one.LastBatch < end).Min(one => (int?)one.FrozenBefore);
    }
}
