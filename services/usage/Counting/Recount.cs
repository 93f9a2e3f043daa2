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

        // The first month that the journal holds whole.
        var first = Periods.Of(Grain.Month, heads.Max(head => head.KeptSince)) + 1;
        // A recount that another one interrupts has forgotten older months than this one would: they are counted again too.
        var unfinished = await db.Journals.Where(j => ids.Contains(j.Id) && j.LastBatch < j.RecountedTo).Select(j => (int?)j.FrozenBefore).MinAsync(cancellationToken);
        first = Math.Min(first, unfinished ?? first);
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
}
