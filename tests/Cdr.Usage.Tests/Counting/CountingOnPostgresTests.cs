using Cdr.Testing;
using Cdr.Testing.Servers;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Counting;

public sealed class CountingOnPostgresTests(TestServers servers) : CountingRules
{
    private PostgresServer? server;
    private TestDatabase? database;

    public override async ValueTask DisposeAsync()
    {
        if (server is not null && database is not null)
            await server.DropDatabaseAsync(database);
    }

    private protected override async ValueTask<CountingDesk> OpenAsync()
    {
        server = await servers.PostgresAsync();
        database = await server.CreateDatabaseAsync("usage", TestContext.Current.CancellationToken);
        var desk = new CountingDesk(options => options.UseNpgsql(database.Owner));
        await using var db = desk.CreateDbContext();
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        return desk;
    }
}
