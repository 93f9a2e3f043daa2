using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Usage.Tests.Doubles;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Refit;

namespace Cdr.Usage.Tests.Features;

/// <summary>Two replicas of the real program on PostgreSQL, as the application's role, and RabbitMQ.</summary>
public sealed class ReplicasTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_replicas_on_one_queue_count_each_batch_once_whatever_the_broker_lost_or_told_twice()
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var rights = await RightsDouble.StartAsync();
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        var broker = await (await servers.RabbitAsync()).CreateVirtualHostAsync(Cancel);
        KeyValuePair<string, string?>[] settings =
        [
            .. sessions.Settings, new("Services:Rights", rights.Address), new("ConnectionStrings:Usage", database.Application),
            new("ConnectionStrings:UsageOwner", database.Owner), new("ConnectionStrings:RabbitMq", broker), new("Usage:ReconcileEvery", "00:00:01"),
        ];
        using var folder = new TestFolder("usage-migration");
        await using var migration = new ServiceProcess(
            Repository.Program("services/usage", "Cdr.Usage"), folder.File("log"), [.. settings, new("Data:Folder", folder.Path)]);
        await migration.RunAsync("migrate", Cancel);

        await using var one = new UsageHost(TimeProvider.System, settings);
        await using var other = new UsageHost(TimeProvider.System, settings);
        foreach (var host in (UsageHost[])[one, other])
            await Deadline.UntilAsync("the replica is ready", TimeSpan.FromSeconds(120), async () => (await host.CreateClient().GetAsync("/health/ready", Cancel)).IsSuccessStatusCode, Cancel);
        // What the migration of a next version holds until it ends.
        await using (var next = new NpgsqlConnection(database.Owner))
        {
            await next.OpenAsync(Cancel);
            await using var transaction = await next.BeginTransactionAsync(Cancel);
            await using var held = new NpgsqlCommand("LOCK TABLE public.migrations IN ACCESS EXCLUSIVE MODE", next, transaction);
            await held.ExecuteNonQueryAsync(Cancel);
            Assert.True((await one.CreateClient().GetAsync("/health/ready", Cancel)).IsSuccessStatusCode);
        }

        var batches = Enumerable.Range(0, 3).SelectMany(n => Facts.Journal(Guid.CreateVersion7(Facts.Noon.AddSeconds(n)), 12)).ToArray();
        rights.Journals.Write(batches);
        // Every fifth is lost, every third told twice, by both replicas' buses.
        foreach (var (batch, index) in batches.Select((batch, index) => (batch, index)).Where(pair => pair.index % 5 != 4))
        {
            await one.Services.GetRequiredService<IBus>().Publish(batch, Cancel);
            if (index % 3 == 0)
                await other.Services.GetRequiredService<IBus>().Publish(batch, Cancel);
        }

        var api = RestService.ForGenerated<IUsageApi>(other.ClientOf(sessions.Mint(new TestCaller { Role = CdrRoles.Operations })), new RefitSettings());
        var day = new DateOnly(2026, 11, 10);
        await Deadline.UntilAsync("all is counted", TimeSpan.FromSeconds(120), async () => (await api.DailyAsync(day, day, Cancel)).Sum(row => row.Consultations) >= 3 * 78, Cancel);
        // Twice by each replica.
        await rights.Journals.ComparedAgainAsync(4, Cancel);
        Assert.Equal(3 * 78, (await api.DailyAsync(day, day, Cancel)).Sum(row => row.Consultations));
    }
}
