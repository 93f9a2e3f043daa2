using Cdr.Testing;
using Cdr.Testing.Servers;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Counting;

public sealed class CountingOnPostgresTests(CountingOnPostgresTests.Migrated migrated) : CountingRules, IClassFixture<CountingOnPostgresTests.Migrated>
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override async ValueTask<CountingDesk> OpenAsync()
    {
        var desk = new CountingDesk(options => options.UseNpgsql(migrated.Owner));
        await using var db = desk.CreateDbContext();
        await db.EmptyAsync(withCells: true);
        return desk;
    }

    /// <summary>One database for all of them: its parts take seconds to make.</summary>
    public sealed class Migrated(TestServers servers) : IAsyncLifetime
    {
        private PostgresServer? server;
        private TestDatabase? database;

        internal string Owner => database!.Owner;

        public async ValueTask InitializeAsync()
        {
            server = await servers.PostgresAsync();
            database = await server.CreateDatabaseAsync("usage", TestContext.Current.CancellationToken);
            await using var db = new UsageDb(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database.Owner).Options);
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            if (database is not null)
                await server!.DropDatabaseAsync(database);
        }
    }
}
