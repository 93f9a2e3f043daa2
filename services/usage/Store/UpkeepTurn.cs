using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Store;

/// <summary>
/// One replica at a time for what is done now and then: a lock of the database, on the connection of the work itself, so that who loses the
/// one loses the other. Embedded there is one process.
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
        return await SayAsync(db, "pg_try_advisory_lock", work, cancellationToken) ? new UpkeepTurn(db, work) : null;
    }

    /// <summary>Whether somebody does it now. Embedded nobody else can.</summary>
    public static async Task<bool> IsTakenAsync(UsageDb db, int work, CancellationToken cancellationToken) => db.Database.IsNpgsql() && await db.Database.SqlQueryRaw<bool>(
        FormattableString.Invariant($"""
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = {Space} AND objid = {work} AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS "Value"
            """)).SingleAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (db.Database.IsNpgsql() && db.Database.GetDbConnection().State == System.Data.ConnectionState.Open)
            await SayAsync(db, "pg_advisory_unlock", work, CancellationToken.None);
    }

    private static async Task<bool> SayAsync(UsageDb db, string function, int work, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<bool>(FormattableString.Invariant($"SELECT {function}({Space}, {work}) AS \"Value\"")).SingleAsync(cancellationToken);
}
