using Microsoft.EntityFrameworkCore;

namespace Cdr.ServiceDefaults.Stores;

/// <summary>
/// One process at a time, whatever its role: a lock of the database, on the connection of the work itself, so that who loses the one loses
/// the other. Embedded there is one process.
/// </summary>
public sealed class StoreLock : IAsyncDisposable
{
    private readonly DbContext db;
    private readonly long key;

    private StoreLock(DbContext db, long key) => (this.db, this.key) = (db, key);

    /// <param name="db">Of the work; its connection stays open.</param>
    /// <param name="key">Of the lock, for no other use in this database.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null while another process has it.</returns>
    public static async Task<StoreLock?> TryTakeAsync(DbContext db, long key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (!db.Database.IsNpgsql())
            return new StoreLock(db, key);
        await db.Database.OpenConnectionAsync(cancellationToken);
        return await SayAsync(db, "pg_try_advisory_lock", key, cancellationToken) ? new StoreLock(db, key) : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (db.Database.IsNpgsql() && db.Database.GetDbConnection().State == System.Data.ConnectionState.Open)
            await SayAsync(db, "pg_advisory_unlock", key, CancellationToken.None);
    }

    private static async Task<bool> SayAsync(DbContext db, string function, long key, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<bool>(FormattableString.Invariant($"SELECT {function}({key}) AS \"Value\"")).SingleAsync(cancellationToken);
}
