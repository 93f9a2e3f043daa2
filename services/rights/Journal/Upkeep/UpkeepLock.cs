using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Upkeep;

/// <summary>
/// One process at a time, whatever its role: a lock of the database, on the connection of the work itself, so that who loses the one loses
/// the other. Embedded there is one process.
/// </summary>
internal sealed class UpkeepLock : IAsyncDisposable
{
    // « cdr up », for no other use in this database.
    private const long Key = 0x636472_7570;
    private readonly RightsDb db;

    private UpkeepLock(RightsDb db) => this.db = db;

    /// <param name="db">Of the work; its connection stays open.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null while another process has it.</returns>
    public static async Task<UpkeepLock?> TryTakeAsync(RightsDb db, CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql())
            return new UpkeepLock(db);
        await db.Database.OpenConnectionAsync(cancellationToken);
        return await SayAsync(db, "pg_try_advisory_lock", cancellationToken) ? new UpkeepLock(db) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (db.Database.IsNpgsql() && db.Database.GetDbConnection().State == System.Data.ConnectionState.Open)
            await SayAsync(db, "pg_advisory_unlock", CancellationToken.None);
    }

    private static async Task<bool> SayAsync(RightsDb db, string function, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<bool>(FormattableString.Invariant($"SELECT {function}({Key}) AS \"Value\"")).SingleAsync(cancellationToken);
}
