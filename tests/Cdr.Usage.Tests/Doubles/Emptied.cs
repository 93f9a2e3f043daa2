using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>A database as after its migration, for a fraction of what another one costs.</summary>
internal static class Emptied
{
    /// <param name="db">Whose counts and journals go.</param>
    /// <param name="withCells">The cells too: not beneath a host, which knows them.</param>
    public static async Task EmptyAsync(this UsageDb db, bool withCells)
    {
        await db.Journals.ExecuteDeleteAsync();
        await db.RegimeDaily.ExecuteDeleteAsync();
        await db.Presences.ExecuteDeleteAsync();
        foreach (var table in RollupTable.All.Select(table => table.Name).Append("cells").SkipLast(withCells ? 0 : 1))
        {
            var sql = "DELETE FROM " + table;
            await db.Database.ExecuteSqlRawAsync(sql);
        }
    }
}
