using System.Data;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// Records of PostgreSQL by binary COPY, some parts of partitions at once, all in the snapshot of one transaction: a journal that is
/// being written is seen as it was at one instant.
/// </summary>
internal sealed class PostgresSource : StoreSource
{
    // Of 8 kB: some tens of thousands of records. While the last part is read the other processors have nothing to do.
    private const long BlocksAtOnce = 4_096;

    private readonly NpgsqlDataSource database;
    private readonly string snapshot;
    private readonly long blocksAtOnce;

    private PostgresSource(RightsDb db, NpgsqlDataSource database, string snapshot, long blocksAtOnce)
        : base(db) => (this.database, this.snapshot, this.blocksAtOnce) = (database, snapshot, blocksAtOnce);

    /// <summary>Connections that take many rows from the socket at once: at 8 kB a read is eight rows.</summary>
    public static NpgsqlDataSource Database(string connection) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { ReadBufferSize = 256 * 1024, CommandTimeout = 0 });

    /// <param name="db">For all but the records.</param>
    /// <param name="database">For the records.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="blocksAtOnce">Of a part, 8 kB each.</param>
    public static async Task<PostgresSource> OpenAsync(RightsDb db, NpgsqlDataSource database, CancellationToken cancellationToken, long blocksAtOnce = BlocksAtOnce)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(12));
        await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // Before the snapshot is taken, and its partitions with it: a purge drops none until this ends.
        // Where there is no such table, whoever reads it says so.
        await db.Database.ExecuteSqlRawAsync("DO $$ BEGIN LOCK TABLE records IN ACCESS SHARE MODE; EXCEPTION WHEN undefined_table THEN NULL; END $$", cancellationToken);
        return new PostgresSource(db, database, await db.Database.SqlQueryRaw<string>("SELECT pg_export_snapshot() AS \"Value\"").SingleAsync(cancellationToken), blocksAtOnce);
    }

    public override async Task RecordsAsync(RecordSink sink, CancellationToken cancellationToken)
    {
        var parts = await PartsAsync(cancellationToken);
        await Parallel.ForEachAsync(parts, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (part, stop) =>
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            await BorrowAsync(connection, transaction, stop);
            await using var copy = await connection.BeginRawBinaryCopyAsync(RecordRows.Copy(part), stop);
            RecordRows.Read(copy, sink);
        });
    }

    /// <summary>
    /// It is there for as long as the transaction that lent it. Where that one ended (its session was killed, or the server was exchanged under it)
    /// nothing is known of the table: the run is over, as where the store is silent.
    /// </summary>
    private async Task BorrowAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await using var set = new NpgsqlCommand($"SET TRANSACTION SNAPSHOT '{snapshot}'", connection, transaction);
            await set.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new NpgsqlException("The snapshot that the journal is read in is gone.", e);
        }
    }

    /// <summary>Ranges of blocks of each partition: a month may be most of the journal.</summary>
    internal async Task<List<string>> PartsAsync(CancellationToken cancellationToken)
    {
        List<string> parts = [];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            SELECT c.oid::regclass::text, pg_relation_size(c.oid) / current_setting('block_size')::bigint
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'records'::regclass ORDER BY 1
            """, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (name, blocks) = (rows.GetString(0), rows.GetInt64(1));
            // The last part has no end: rows may be added until the snapshot is used, and are not in it.
            for (var from = 0L; from < blocks; from += blocksAtOnce)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} WHERE ctid >= '({from},0)'")
                    + (from + blocksAtOnce < blocks ? string.Create(CultureInfo.InvariantCulture, $" AND ctid < '({from + blocksAtOnce},0)'") : ""));
            }
        }

        return parts;
    }
}
