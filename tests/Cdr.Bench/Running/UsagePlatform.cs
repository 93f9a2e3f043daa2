using System.Net.Http.Headers;
using Cdr.Contracts.Rights;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Bench.Running;

/// <summary>The real Usage on a PostgreSQL and a RabbitMQ of its own, with journals beside it.</summary>
internal sealed class UsagePlatform : IAsyncDisposable
{
    private readonly PostgresServer postgres = new();
    private readonly RabbitServer rabbit = new();
    private readonly TestFolder folder = new("bench-usage");
    private TestTokens sessions = null!;
    private TestDatabase database = null!;

    public JournalsBeside Journals { get; private set; } = null!;

    public ServiceProcess Service { get; private set; } = null!;

    /// <summary>Its verbs, as a process of their own.</summary>
    public ServiceProcess Command { get; private set; } = null!;

    public IBusControl Bus { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<UsagePlatform> StartAsync()
    {
        var platform = new UsagePlatform();
        await Task.WhenAll(platform.postgres.StartAsync(), platform.rabbit.StartAsync());
        platform.sessions = await TestTokens.StartAsync();
        platform.Journals = await JournalsBeside.StartAsync();
        platform.database = await platform.postgres.CreateDatabaseAsync("usage");
        var broker = await platform.rabbit.CreateVirtualHostAsync();
        KeyValuePair<string, string?>[] settings =
        [
            .. platform.sessions.Settings, new("Services:Rights", platform.Journals.Address), new("ConnectionStrings:Usage", platform.database.Application),
            new("ConnectionStrings:UsageOwner", platform.database.Owner), new("ConnectionStrings:RabbitMq", broker), new("Data:Folder", platform.folder.Path),
        ];
        var program = Repository.Program("services/usage", "Cdr.Usage");
        platform.Command = new ServiceProcess(program, platform.folder.File("command.log"), settings);
        await platform.Command.RunAsync("migrate");
        platform.Service = new ServiceProcess(program, platform.folder.File("usage.log"), settings);
        await platform.Service.StartAsync();
        platform.Bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(configuration => configuration.Host(new Uri(broker)));
        await platform.Bus.StartAsync();
        platform.Http = new HttpClient { BaseAddress = platform.Service.Address };
        return platform;
    }

    /// <summary>Asks as somebody.</summary>
    public async Task<byte[]> AskAsync(string path, TestCaller caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/usage/" + path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(caller));
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>How far the journal is counted.</summary>
    public async Task<long> CountedAsync(Guid journal)
    {
        await using var db = Open();
        return await db.Journals.Where(j => j.Id == journal).Select(j => j.LastBatch).SingleOrDefaultAsync();
    }

    /// <param name="withCells">The cells too: the service, which knows them, counts nothing any more.</param>
    public async Task EmptyAsync(bool withCells = false)
    {
        await using var db = Open();
        var sql = "TRUNCATE journals, regime_daily, presences, " + (withCells ? "cells, " : "") + string.Join(", ", RollupTable.All.Select(table => table.Name));
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    /// <summary>Facts of whole months, each cell and period once: as the counting adds them, but written with COPY into tables that have none of these months.</summary>
    public async Task FillAsync(IEnumerable<ConsultationFact[]> months, DateTimeOffset now)
    {
        var cells = new CellBook(new Factory(Open));
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        foreach (var facts in months)
        {
            var tally = Tally.Of([new ConsultationsAnswered(Guid.Empty, 1, facts)], new JournalPlace(0, 0, 0), now);
            var ids = await cells.IdsAsync(tally.Cells, default);
            foreach (var table in RollupTable.All)
                await CopyAsync(connection, table, [.. tally.Rows(table).Select(row => (ids[row.Cell], row.Period, row.Sum)).OrderBy(row => (row.Item1, row.Period))]);
        }

        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync();
    }

    public Task<long> RowsAsync(string table) => AskAsync($"SELECT count(*) FROM {table}");

    /// <summary>Consultations that are counted, of all months.</summary>
    public Task<long> ConsultationsAsync() => AskAsync("SELECT coalesce(sum(consultations), 0)::bigint FROM usage_month");

    private async Task<long> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (long)(await count.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Bus is not null)
            await Bus.StopAsync();
        if (Service is not null)
            await Service.DisposeAsync();
        if (Command is not null)
            await Command.DisposeAsync();
        if (Journals is not null)
            await Journals.DisposeAsync();
        if (sessions is not null)
            await sessions.DisposeAsync();
        await rabbit.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    private readonly Dictionary<TestCaller, string> tokens = [];

    private string Token(TestCaller caller)
    {
        if (!tokens.TryGetValue(caller, out var token))
            tokens[caller] = token = sessions.Mint(caller with { Lifetime = TimeSpan.FromMinutes(30) });
        return token;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, RollupTable table, (int Cell, int Period, Sum Sum)[] rows)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table.Name} (cell, period, {string.Join(", ", RollupTable.Measures)}) FROM STDIN (FORMAT BINARY)");
        copy.Timeout = TimeSpan.FromMinutes(5);
        foreach (var (cell, period, sum) in rows)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(cell);
            await copy.WriteAsync(period);
            await copy.WriteAsync(sum.Consultations);
            await copy.WriteAsync(sum.Working);
            await copy.WriteAsync(sum.Milliseconds);
            for (var bucket = 0; bucket < Latency.Buckets; bucket++)
                await copy.WriteAsync(sum.Range(bucket));
        }

        await copy.CompleteAsync();
    }

    private UsageDb Open() => new(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database.Owner, npgsql => npgsql.CommandTimeout(600)).Options);

    private sealed class Factory(Func<UsageDb> open) : IDbContextFactory<UsageDb>
    {
        public UsageDb CreateDbContext() => open();
    }
}
