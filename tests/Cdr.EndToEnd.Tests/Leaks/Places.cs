using System.Runtime.CompilerServices;
using System.Text;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Npgsql;
using StackExchange.Redis;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>Every place where a platform leaves something: files, telemetry, tables, keys, messages.</summary>
internal static class Places
{
    public static async IAsyncEnumerable<(string Place, byte[] Bytes)> AllAsync(IPlatform platform, BusTap? tap, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The mark of the folder's holder is empty, and nobody else may open it.
        foreach (var file in Directory.EnumerateFiles(platform.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".held"))
            yield return ("file " + Path.GetRelativePath(platform.Folder, file), await BytesAsync(file, cancellationToken));
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
    }

    // Open for writing elsewhere: logs, and SQLite with its write-ahead log.
    private static async Task<byte[]> BytesAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Each table twice: binary, texts and bytes as they are; text, numbers as they are read.</summary>
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
            await using (var raw = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT BINARY)", cancellationToken))
            {
                using var bytes = new MemoryStream();
                await raw.CopyToAsync(bytes, cancellationToken);
                yield return ($"table {service} {table}", bytes.ToArray());
            }

            using var text = await connection.BeginTextExportAsync($"COPY (SELECT * FROM {table}) TO STDOUT", cancellationToken);
            yield return ($"table {service} {table}", Encoding.UTF8.GetBytes(await text.ReadToEndAsync(cancellationToken)));
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
