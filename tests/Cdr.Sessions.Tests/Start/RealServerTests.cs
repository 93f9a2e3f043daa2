using System.Net;
using System.Text.Json.Nodes;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Start;

/// <summary>The migration as the owner, then everything as the application's role, on PostgreSQL and Redis.</summary>
public sealed class RealServerTests(PrintedCards cards, TestServers servers) : IDisposable
{
    private readonly TestFolder folder = new("sessions-keys");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_card_signs_in_and_out_on_migrated_postgresql_and_redis()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var host = await HostAsync((await servers.RedisAsync()).CreateDatabase());
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-medecin")).Value;
        var grant = (await agent.RedeemAsync(opening.Ticket, opening.Activities[7].Id)).Value;
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        Assert.Equal("ticket-used", (await agent.RedeemAsync(opening.Ticket)).Code);
        var shared = host.Services.GetRequiredService<ISharedState>();
        Assert.Equal(SessionGate.Alive, await shared.GetAsync(SessionGate.Key(grant.Session.ToString()), cancel));
        await host.Api.EndAsync(grant.Session, "Bearer " + grant.Token.Value, cancel);
        Assert.Equal(SessionGate.Ended, await shared.GetAsync(SessionGate.Key(grant.Session.ToString()), cancel));
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        await host.Services.GetRequiredService<Housekeeping>().RoundAsync(cancel);
        Assert.Empty(await host.InStoreAsync(db => db.Database.GetPendingMigrationsAsync()));
        Assert.False(await host.InStoreAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
    }

    [Fact]
    public async Task An_end_that_redis_did_not_hear_is_said_when_it_is_back()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var redis = new RedisServer();
        await redis.StartAsync(cancel);
        using var host = await HostAsync(redis.CreateDatabase());
        var grant = await new TestAgent(host).SignInAsync("cps-infirmier");
        await redis.StopAsync();
        await host.Api.EndAsync(grant.Session, "Bearer " + grant.Token.Value, cancel);
        Assert.NotNull(await DueAsync(host, grant.Session));
        await redis.StartAsync(cancel);
        await Deadline.UntilAsync("the end is said", TimeSpan.FromSeconds(90), async () =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(3));
            await host.Services.GetRequiredService<Housekeeping>().RoundAsync(cancel);
            return await DueAsync(host, grant.Session) is null;
        }, cancel);
        Assert.Equal(SessionGate.Ended, await host.Services.GetRequiredService<ISharedState>().GetAsync(SessionGate.Key(grant.Session.ToString()), cancel));
    }

    /// <summary>Where all is started at once, Sessions may be there before its schema: it waits, and the directory with it.</summary>
    [Fact]
    public async Task A_start_before_the_migration_waits_for_it_and_then_imports_the_directory()
    {
        var cancel = TestContext.Current.CancellationToken;
        var (host, migrate) = await UnmigratedAsync((await servers.RedisAsync()).CreateDatabase());
        using var _ = host;
        var client = host.CreateClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready", cancel)).StatusCode);
        await migrate();
        await Deadline.UntilAsync("it is ready", TimeSpan.FromSeconds(60), async () => (await client.GetAsync("/health/ready", cancel)).IsSuccessStatusCode, cancel);
        await Deadline.UntilAsync("the directory is imported", TimeSpan.FromSeconds(60), () => host.InStoreAsync(db => db.Establishments.AnyAsync(cancel)), cancel);
        await new TestAgent(host).SignInAsync("cps-infirmier");
    }

    /// <summary>What the database does not take of a file is the file's fault: it is said at once, and not tried for ever.</summary>
    [Fact]
    public async Task A_directory_that_the_database_refuses_stops_a_start()
    {
        using var host = await HostAsync((await servers.RedisAsync()).CreateDatabase());
        var file = Path.Combine(host.Folder, "drawer", "directory.json");
        var directory = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        directory["legalEntities"]![0]!["establishments"]![0]!["category"] = "longer than three";
        await File.WriteAllTextAsync(file, directory.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Contains("22001", Assert.ThrowsAny<DbUpdateException>(() => host.CreateClient()).ToString(), StringComparison.Ordinal);
    }

    private static Task<DateTimeOffset?> DueAsync(SessionsHost host, Guid session) =>
        host.InStoreAsync(db => db.Sessions.Where(one => one.Id == session).Select(one => one.CopyDueAt).SingleAsync());

    private async Task<SessionsHost> HostAsync(string redis)
    {
        var (host, migrate) = await UnmigratedAsync(redis);
        await migrate();
        return host;
    }

    private async Task<(SessionsHost Host, Func<Task> Migrate)> UnmigratedAsync(string redis)
    {
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync("sessions", TestContext.Current.CancellationToken);
        var keys = folder.File($"{database.Name}.json");
        KeyRing.Create(keys);
        var host = new SessionsHost(cards,
        [
            new("Keys:Sessions:File", keys), new("ConnectionStrings:Sessions", database.Application), new("ConnectionStrings:SessionsOwner", database.Owner), new("ConnectionStrings:Redis", redis),
        ]);
        return (host, () => SessionsProgram.Main(
        [
            "migrate", "--Data:Folder=" + host.Folder, "--Services:Sessions=http://localhost/", "--Sessions:Origin=" + SessionsHost.Origin,
            "--ConnectionStrings:Sessions=" + database.Application, "--ConnectionStrings:SessionsOwner=" + database.Owner, "--ConnectionStrings:Redis=" + redis,
            "--Keys:Sessions:File=" + keys,
        ]));
    }
}
