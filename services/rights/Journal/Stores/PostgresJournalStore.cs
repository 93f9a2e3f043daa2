using Npgsql;
using NpgsqlTypes;

namespace Cdr.Rights.Journal.Stores;

/// <summary>
/// PostgreSQL. Many records go by binary COPY (350,000 rows/s in batches of 1,000 where EF Core writes 25,000), in three round trips; a
/// few with their batch by one prepared statement: on a quiet day the clerk waits for each of them.
/// </summary>
internal sealed class PostgresJournalStore(NpgsqlDataSource database) : IJournalStore
{
    // Measured: an insert costs the server three times a copied row.
    private const int Few = 4;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private static readonly Column[] Columns =
    [
        new Column<Guid>("Id", NpgsqlDbType.Uuid, r => r.Id),
        new Column<Guid>("Consultation", NpgsqlDbType.Uuid, r => r.Consultation),
        new Column<short>("Kind", NpgsqlDbType.Smallint, r => (short)r.Kind),
        new Column<Guid>("Journal", NpgsqlDbType.Uuid, r => r.Journal),
        new Column<long>("Batch", NpgsqlDbType.Bigint, r => r.Batch),
        new Column<int>("Position", NpgsqlDbType.Integer, r => r.Position),
        new Column<DateTime>("At", NpgsqlDbType.TimestampTz, r => r.At.UtcDateTime),
        new Column<string>("Subject", NpgsqlDbType.Text, r => r.Subject),
        new Column<string>("Session", NpgsqlDbType.Text, r => r.Session),
        new Column<string>("Role", NpgsqlDbType.Text, r => r.Role),
        new Column<string>("Establishment", NpgsqlDbType.Text, r => r.Establishment),
        new Column<string>("Group", NpgsqlDbType.Text, r => r.Group),
        new Column<string>("Department", NpgsqlDbType.Text, r => r.Department),
        new Column<string>("Unit", NpgsqlDbType.Text, r => r.Unit),
        new Column<string>("Function", NpgsqlDbType.Text, r => r.Function),
        new Column<string>("Reason", NpgsqlDbType.Text, r => r.Reason),
        new Column<DateOnly>("CareDate", NpgsqlDbType.Date, r => r.CareDate),
        new Column<short>("Outcome", NpgsqlDbType.Smallint, r => r.Outcome ?? 0, r => r.Outcome is null),
        new Column<string>("Regime", NpgsqlDbType.Text, r => r.Regime),
        new Column<short>("Source", NpgsqlDbType.Smallint, r => r.Source ?? 0, r => r.Source is null),
        new Column<int>("Milliseconds", NpgsqlDbType.Integer, r => r.Milliseconds),
        new Column<string>("Regimes", NpgsqlDbType.Text, r => r.Regimes),
        new Column<int>("PseudonymKey", NpgsqlDbType.Integer, r => r.PseudonymKey),
        new Column<byte[]>("Pseudonym", NpgsqlDbType.Bytea, r => r.Pseudonym),
        new Column<byte[]>("PatientPseudonym", NpgsqlDbType.Bytea, r => r.PatientPseudonym!, r => r.PatientPseudonym is null),
        new Column<byte[]>("Request", NpgsqlDbType.Bytea, r => r.Request),
        new Column<string>("RulesVersion", NpgsqlDbType.Text, r => r.RulesVersion),
        new Column<string>("TraceId", NpgsqlDbType.Text, r => r.TraceId),
        new Column<byte[]>("Payload", NpgsqlDbType.Bytea, r => r.Payload!, r => r.Payload is null),
        new Column<byte[]>("Hash", NpgsqlDbType.Bytea, r => r.Hash),
        new Column<byte[]>("PayloadHash", NpgsqlDbType.Bytea, r => r.PayloadHash!, r => r.PayloadHash is null),
    ];

    private static readonly string Names = string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));
    private static readonly string Copy = $"COPY records ({Names}) FROM STDIN (FORMAT BINARY)";
    private static readonly string InsertBatch = BatchAfter(0);

    // By how many records, from one.
    private static readonly string[] Inserts = [.. Enumerable.Range(1, Few).Select(WithBatch)];

    // Of the one writer: a commit follows the other.
    private readonly CopyRows rows = new();

    /// <summary>The writer's own connections: nothing is set in them that the next commit would have to find unset.</summary>
    public static NpgsqlDataSource Database(string connection) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true });

    public async Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            if (records.Count <= Few)
                await InsertAsync(connection, batch, records, cancellationToken);
            else
                await CopyAsync(connection, batch, records, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Without the inner exception: its detail quotes the row.
            throw new RecordExistsException();
        }
    }

    /// <summary>One statement is one transaction: sent beside each other, the two inserts cost a begin, a commit and a second plan.</summary>
    private static async Task InsertAsync(NpgsqlConnection connection, JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Inserts[records.Count - 1], connection);
        foreach (var record in records)
        {
            foreach (var column in Columns)
                command.Parameters.Add(column.Parameter(record));
        }

        foreach (var parameter in Parameters(batch))
            command.Parameters.Add(parameter);
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string WithBatch(int records)
    {
        var rows = Enumerable.Range(0, records).Select(row => $"({Places(row * Columns.Length, Columns.Length)})");
        return $"WITH written AS (INSERT INTO records ({Names}) VALUES {string.Join(", ", rows)}) {BatchAfter(records * Columns.Length)}";
    }

    private static string BatchAfter(int places) =>
        $"""INSERT INTO batches ("Journal", "Batch", "Records", "At", "Previous", "Root", "Hash", "SignatureKey", "Signature", "Ids") VALUES ({Places(places, 10)})""";

    private static string Places(int after, int count) => string.Join(", ", Enumerable.Range(after + 1, count).Select(place => $"${place}"));

    private async Task CopyAsync(NpgsqlConnection connection, JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var copy = await connection.BeginRawBinaryCopyAsync(Copy, cancellationToken))
        {
            // Its end is awaited where it is disposed, which no token reaches.
            copy.ReadTimeout = copy.WriteTimeout = (int)EndTimeout.TotalMilliseconds;
            await copy.WriteAsync(Rows(records), cancellationToken);
        }

        // With the commit, in one round trip.
        await using var end = new NpgsqlBatch(connection, transaction);
        var insert = new NpgsqlBatchCommand(InsertBatch);
        foreach (var parameter in Parameters(batch))
            insert.Parameters.Add(parameter);
        end.BatchCommands.Add(insert);
        end.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await end.PrepareAsync(cancellationToken);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private ReadOnlyMemory<byte> Rows(IReadOnlyList<JournalRecord> records)
    {
        rows.Begin();
        foreach (var record in records)
        {
            rows.BeginRow(Columns.Length);
            foreach (var column in Columns)
                column.Add(rows, record);
        }

        rows.End();
        return rows.Written;
    }

    private static NpgsqlParameter[] Parameters(JournalBatch batch) =>
    [
        new NpgsqlParameter<Guid> { TypedValue = batch.Journal },
        new NpgsqlParameter<long> { TypedValue = batch.Batch },
        new NpgsqlParameter<int> { TypedValue = batch.Records },
        new NpgsqlParameter<DateTime> { TypedValue = batch.At.UtcDateTime },
        new NpgsqlParameter<byte[]> { TypedValue = batch.Previous },
        new NpgsqlParameter<byte[]> { TypedValue = batch.Root },
        new NpgsqlParameter<byte[]> { TypedValue = batch.Hash },
        new NpgsqlParameter<int> { TypedValue = batch.SignatureKey },
        new NpgsqlParameter<byte[]> { TypedValue = batch.Signature },
        new NpgsqlParameter<Guid[]> { TypedValue = batch.Ids },
    ];

    private abstract class Column(string name)
    {
        public string Name => name;

        public abstract void Add(CopyRows rows, JournalRecord record);

        public abstract NpgsqlParameter Parameter(JournalRecord record);
    }

    private sealed class Column<T>(string name, NpgsqlDbType type, Func<JournalRecord, T> value, Func<JournalRecord, bool>? isNull = null) : Column(name)
    {
        public override void Add(CopyRows rows, JournalRecord record)
        {
            if (isNull?.Invoke(record) == true)
                rows.AddNull();
            else
                rows.Add(value(record));
        }

        public override NpgsqlParameter Parameter(JournalRecord record) =>
            isNull?.Invoke(record) == true ? new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value } : new NpgsqlParameter<T> { NpgsqlDbType = type, TypedValue = value(record) };
    }
}
