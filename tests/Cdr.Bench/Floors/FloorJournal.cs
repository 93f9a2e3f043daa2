using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace Cdr.Bench.Floors;

/// <summary>One writer, group commits, binary COPY, one row of the given size a question.</summary>
internal sealed class FloorJournal : IAsyncDisposable
{
    private readonly Channel<(byte[] Row, TaskCompletionSource Done)> waiting = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly NpgsqlDataSource postgres;
    private Task loop = Task.CompletedTask;

    private FloorJournal(NpgsqlDataSource postgres) => this.postgres = postgres;

    /// <summary>Bytes of the row's body.</summary>
    public int RowBytes { get; set; } = 2048;

    public static async Task<FloorJournal> StartAsync(NpgsqlDataSource postgres)
    {
        await using (var create = postgres.CreateCommand("CREATE TABLE floor (id uuid PRIMARY KEY, at timestamptz NOT NULL, body bytea NOT NULL); ALTER TABLE floor ALTER COLUMN body SET STORAGE EXTERNAL"))
            await create.ExecuteNonQueryAsync();
        var journal = new FloorJournal(postgres);
        journal.loop = journal.WriteAsync();
        return journal;
    }

    public Task AppendAsync(byte[] row)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((row, done));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
    }

    private async Task WriteAsync()
    {
        var batch = new List<(byte[] Row, TaskCompletionSource Done)>();
        var clock = TimeProvider.System;
        while (await waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < 1000 && waiting.Reader.TryRead(out var one))
                batch.Add(one);
            await using var connection = await postgres.OpenConnectionAsync();
            await using (var copy = await connection.BeginBinaryImportAsync("COPY floor (id, at, body) FROM STDIN (FORMAT BINARY)"))
            {
                foreach (var (row, _) in batch)
                {
                    var now = clock.GetUtcNow();
                    await copy.StartRowAsync();
                    await copy.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid);
                    await copy.WriteAsync(now.UtcDateTime, NpgsqlDbType.TimestampTz);
                    await copy.WriteAsync(Sized(row), NpgsqlDbType.Bytea);
                }

                await copy.CompleteAsync();
            }

            foreach (var (_, done) in batch)
                done.TrySetResult();
        }
    }

    private byte[] Sized(byte[] row)
    {
        if (row.Length != RowBytes)
            Array.Resize(ref row, RowBytes);
        return row;
    }
}
