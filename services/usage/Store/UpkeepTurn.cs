using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Store;

/// <summary>
/// One process at a time for what is done now and then: a lock of the database, of a connection that stays open meanwhile. Work on other
/// connections asks <see cref="IsHeldAsync"/>. Embedded there is no such lock: one process serves, and beside it only a verb is given.
/// </summary>
internal sealed class UpkeepTurn : IAsyncDisposable
{
    // Two numbers of 32 bits: « cdru », and which.
    private const int Space = 0x63647275;

    private readonly UsageDb db;
    private readonly int work;

    private UpkeepTurn(UsageDb db, int work) => (this.db, this.work) = (db, work);

    public const int Sweep = 1;

    public const int Freeze = 2;

    public const int Recount = 3;

    /// <param name="db">Of the work; its connection stays open.</param>
    /// <param name="work">What is done.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>Null while another replica does it.</returns>
    public static async Task<UpkeepTurn?> TryTakeAsync(UsageDb db, int work, CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql())
            return new UpkeepTurn(db, work);
        await db.Database.OpenConnectionAsync(cancellationToken);
        // Of a machine that vanishes nothing is heard: by its default the server would hold the lock for two hours. The pool takes them back.
        await db.Database.ExecuteSqlRawAsync("SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3", cancellationToken);
        return await SayAsync(db, "pg_try_advisory_lock", work, cancellationToken) ? new UpkeepTurn(db, work) : null;
    }

    /// <summary>Whether somebody does it now. Embedded nobody can tell: what both count, each counts once.</summary>
    public static Task<bool> IsTakenAsync(UsageDb db, int work, CancellationToken cancellationToken) => IsGrantedAsync(db, work, "", cancellationToken);

    /// <summary>Whether it is still this one's: with its connection the lock is gone, and another may have it.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancellationToken)
    {
        try
        {
            return !db.Database.IsNpgsql() || await IsGrantedAsync(db, work, "AND pid = pg_backend_pid()", cancellationToken);
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!db.Database.IsNpgsql() || db.Database.GetDbConnection().State != System.Data.ConnectionState.Open)
            return;
        try
        {
            await SayAsync(db, "pg_advisory_unlock", work, CancellationToken.None);
        }
        catch (Exception e) when (StoreOutage.Is(e))
        {
            // The connection is gone, and the lock with it.
        }
    }

    private static async Task<bool> IsGrantedAsync(UsageDb db, int work, string whose, CancellationToken cancellationToken) => db.Database.IsNpgsql() && await db.Database.SqlQueryRaw<bool>(
        FormattableString.Invariant($"""
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = {Space} AND objid = {work} AND granted {whose}
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS "Value"
            """)).SingleAsync(cancellationToken);

    private static async Task<bool> SayAsync(UsageDb db, string function, int work, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<bool>(FormattableString.Invariant($"SELECT {function}({Space}, {work}) AS \"Value\"")).SingleAsync(cancellationToken);
}
