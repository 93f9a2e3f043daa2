using System.Text;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Cdr.EndToEnd.Tests.Harness;

public sealed class ServersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgreSQL_keeps_what_was_committed_over_a_kill()
    {
        await using var server = new PostgresServer();
        await server.StartAsync(Cancellation);
        var database = await server.CreateDatabaseAsync("kept", Cancellation);
        await ExecuteAsync(database.Owner, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)");

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(database.Owner, "SELECT 1"));
        await server.StartAsync(Cancellation);

        Assert.Equal(1L, await ExecuteAsync(database.Owner, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task The_applications_role_may_connect_and_nothing_more()
    {
        await using var server = new PostgresServer();
        await server.StartAsync(Cancellation);
        var database = await server.CreateDatabaseAsync("roles", Cancellation);
        await ExecuteAsync(database.Owner, "CREATE TABLE secret (id int)");

        Assert.Equal(1, await ExecuteAsync(database.Application, "SELECT 1"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database.Application, "SELECT count(*) FROM public.secret"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Equal(false, await ExecuteAsync(database.Owner, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
        await server.DropDatabaseAsync(database, Cancellation);
    }

    [Fact]
    public async Task Redis_keeps_what_it_wrote_over_a_restart_and_serves_on_its_port_after_a_kill()
    {
        await using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        var connection = server.CreateDatabase();
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(connection))
            await redis.GetDatabase().StringSetAsync("kept", "1");

        await server.RestartAsync(Cancellation);
        await server.KillAsync();
        Assert.False(await FreePort.AnswersAsync(server.Port, Cancellation));
        await server.StartAsync(Cancellation);

        await using var again = await ConnectionMultiplexer.ConnectAsync(connection);
        Assert.Equal("1", await again.GetDatabase().StringGetAsync("kept"));
    }

    [Fact]
    public async Task RabbitMQ_keeps_a_confirmed_message_in_a_quorum_queue_over_a_kill()
    {
        await using var server = new RabbitServer();
        await server.StartAsync(Cancellation);
        var factory = new ConnectionFactory { Uri = new Uri(await server.CreateVirtualHostAsync(Cancellation)), ContinuationTimeout = TimeSpan.FromSeconds(3) };
        await WithChannelAsync(factory, channel => channel.QueueDeclareAsync("kept", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancellation));
        // A queue's own existence is written out later than its messages (seen with 3.10: killed at once, the queue never served again).
        await server.RestartAsync(Cancellation);
        await WithChannelAsync(factory, async channel => await channel.BasicPublishAsync("", "kept", mandatory: true, new BasicProperties { Persistent = true }, "told"u8.ToArray(), Cancellation));

        await server.KillAsync();
        await server.StartAsync(Cancellation);

        BasicGetResult? message = null;
        await Deadline.UntilAsync("the message is there", TimeSpan.FromSeconds(40), async () =>
        {
            await WithChannelAsync(factory, async channel => message = await channel.BasicGetAsync("kept", autoAck: true, Cancellation));
            return message is not null;
        }, Cancellation);
        Assert.Equal("told", Encoding.UTF8.GetString(message!.Body.Span));
    }

    private static async Task WithChannelAsync(ConnectionFactory factory, Func<IChannel, Task> use)
    {
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Cancellation);
        await use(channel);
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
