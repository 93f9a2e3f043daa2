using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using StackExchange.Redis;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>Every place where a platform leaves something: files, telemetry, tables, keys, messages.</summary>
internal static class Places
{
    public static async IAsyncEnumerable<(string Place, byte[] Bytes)> AllAsync(IPlatform platform, BusTap? tap, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The mark of the folder's holder is empty, and nobody else may open it. What lies in a mailbox is what somebody wrote to us, not what we wrote.
        var inbox = Path.Combine(platform.Folder, DistributedPlatform.InboxFolder) + Path.DirectorySeparatorChar;
        foreach (var file in Directory.EnumerateFiles(platform.Folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != ".held" && Path.GetExtension(file) != ".tmp" && !file.StartsWith(inbox, StringComparison.Ordinal)))
        {
            await using var stream = Open(file);
            await foreach (var part in PartsAsync(stream.ReadAsync, cancellationToken))
                yield return ("file " + Path.GetRelativePath(platform.Folder, file), part);
        }

        foreach (var (signal, body) in platform.Telemetry.Received)
            yield return ("telemetry " + signal, body);
        if (platform.Servers is not { } servers)
            yield break;
        foreach (var (service, database) in servers.Databases)
        {
            await foreach (var table in TablesAsync(service, database, cancellationToken))
                yield return table;
        }

        await foreach (var entry in RedisAsync(servers.RedisConnection))
            yield return entry;
        foreach (var message in tap is null ? [] : await tap.MessagesAsync(cancellationToken))
            yield return message;
        foreach (var letter in await DeadLettersAsync(servers, cancellationToken))
            yield return letter;
    }

    /// <summary>What no consumer could take: whole, as the broker shows it, and left there.</summary>
    private static async Task<List<(string Place, byte[] Bytes)>> DeadLettersAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        using var management = servers.Rabbit.CreateManagementClient();
        var host = new Uri(servers.RabbitAddress).AbsolutePath.Trim('/');
        var letters = new List<(string Place, byte[] Bytes)>();
        var queues = await management.GetFromJsonAsync<JsonElement[]>($"/api/queues/{host}", cancellationToken);
        // As a consumer: a queue whose endpoint has one active consumer gives nothing to who asks message by message, nor to the management (405, 400).
        await using var connection = await new ConnectionFactory { Uri = new Uri(servers.RabbitAddress) }.CreateConnectionAsync(cancellationToken);
        foreach (var name in queues!.Select(queue => queue.GetProperty("name").GetString()!).Where(name => name.EndsWith("_error", StringComparison.Ordinal) || name.EndsWith("_skipped", StringComparison.Ordinal)))
            await AddLettersAsync(letters, name, connection, cancellationToken);
        return letters;
    }

    // Closed, the channel gives all of it back.
    private static async Task AddLettersAsync(List<(string Place, byte[] Bytes)> letters, string queue, IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        var waiting = await channel.MessageCountAsync(queue, cancellationToken);
        if (waiting == 0)
            return;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, letter) =>
        {
            if (waiting == 0)
                return Task.CompletedTask;
            letters.Add(("dead letters " + queue, letter.Body.ToArray()));
            foreach (var (header, value) in letter.BasicProperties.Headers ?? new Dictionary<string, object?>())
                letters.Add(("dead letters " + queue, Encoding.UTF8.GetBytes($"{header}: {(value is byte[] text ? Encoding.UTF8.GetString(text) : value?.ToString())}")));
            if (--waiting == 0)
                all.SetResult();
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    // Open for writing elsewhere: logs, and SQLite with its write-ahead log.
    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Parts of 8 MB; each begins with the end of the one before, so that nothing is cut in two.</summary>
    private static async IAsyncEnumerable<byte[]> PartsAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (buffer, kept) = (new byte[8 << 20], 0);
        while (true)
        {
            var filled = kept;
            while (filled < buffer.Length && await read(buffer.AsMemory(filled), cancellationToken) is > 0 and var more)
                filled += more;
            if (filled == kept)
                yield break;
            yield return buffer[..filled];
            kept = Math.Min(CanarySearch.Longest, filled);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }
    }

    /// <summary>Each table that has rows, twice: binary, texts and bytes as they are; text, numbers as they are read.</summary>
    private static async IAsyncEnumerable<(string Place, byte[] Bytes)> TablesAsync(string service, TestDatabase database, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand("SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                tables.Add(reader.GetString(0));
        }

        foreach (var table in tables)
        {
            // A form has a head even where there is nothing: an empty table would pass for one that was searched.
            await using (var any = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {table})", connection))
            {
                if (await any.ExecuteScalarAsync(cancellationToken) is not true)
                    continue;
            }

            await using (var raw = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT BINARY)", cancellationToken))
            {
                await foreach (var part in PartsAsync(raw.ReadAsync, cancellationToken))
                    yield return ($"table {service} {table}", part);
            }

            using var text = await connection.BeginTextExportAsync($"COPY (SELECT * FROM {table}) TO STDOUT", cancellationToken);
            var letters = new char[2 << 20];
            await foreach (var part in PartsAsync(async (memory, cancel) => Encoding.UTF8.GetBytes(letters.AsSpan(0, await text.ReadBlockAsync(letters.AsMemory(0, Math.Min(letters.Length, memory.Length / 4)), cancel)), memory.Span), cancellationToken))
                yield return ($"table {service} {table}", part);
        }
    }

    private static async IAsyncEnumerable<(string Place, byte[] Bytes)> RedisAsync(string connection)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connection);
        var database = redis.GetDatabase();
        await foreach (var key in redis.GetServers()[0].KeysAsync(database.Database))
        {
            yield return ("Redis key", (byte[])key!);
            RedisValue[] values = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.Hash => [.. (await database.HashGetAllAsync(key)).SelectMany(entry => (RedisValue[])[entry.Name, entry.Value])],
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                // It was there, and expired.
                RedisType.None => [],
                var other => throw new InvalidOperationException($"Redis {other} is not searched."),
            };
            foreach (var value in values.Where(value => !value.IsNull))
                yield return ("Redis value", (byte[])value!);
        }
    }
}
