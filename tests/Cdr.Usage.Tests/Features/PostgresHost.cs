using Cdr.Testing;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Features;

/// <summary>The same program on PostgreSQL, as the application's role after the verb <c>migrate</c>. One database for all classes: its parts take seconds to make.</summary>
public sealed class PostgresHost(TestServers servers) : SharedHost
{
    private readonly bool isFirst = true;
    private PostgresServer? server;
    private TestDatabase? database;

    private PostgresHost(PostgresHost first)
        : this(servers: null!) => (isFirst, server, database) = (false, first.server, first.database);

    private protected override KeyValuePair<string, string?>[] Store =>
        [new("ConnectionStrings:Usage", database!.Application), new("ConnectionStrings:UsageOwner", database.Owner)];

    /// <summary>Another host of the same database, with a clock of its own; it begins with nothing.</summary>
    internal PostgresHost Another() => new(this);

    public override async ValueTask InitializeAsync()
    {
        if (isFirst)
        {
            server = await servers.PostgresAsync();
            database = await server.CreateDatabaseAsync("usage", TestContext.Current.CancellationToken);
        }

        await base.InitializeAsync();
        if (isFirst)
        {
            using var folder = new TestFolder("usage-migrate");
            await using var migration = new ServiceProcess(
                Repository.Program("services/usage", "Cdr.Usage"), folder.File("log"), [.. Sessions.Settings, new("Services:Rights", Rights.Address), .. Store, new("Data:Folder", folder.Path)]);
            await migration.RunAsync("migrate", TestContext.Current.CancellationToken);
        }

        await using var db = new UsageDb(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database!.Owner).Options);
        // The first host knows its cells.
        await db.EmptyAsync(withCells: isFirst);
        await db.Snapshots.ExecuteDeleteAsync();
        await db.Campaigns.ExecuteDeleteAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (isFirst && database is not null)
            await server!.DropDatabaseAsync(database);
    }
}

/// <summary>Classes that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OnPostgres : ICollectionFixture<PostgresHost>;
