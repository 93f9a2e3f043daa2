using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cdr.Testing.Servers;

/// <summary>A Redis server that keeps its data over an orderly restart. Its image: <c>CDR_TEST_REDIS_IMAGE</c>.</summary>
public sealed class RedisServer : TestServer
{
    private const int Databases = 1024;
    private const int Terminate = 15;
    private int next = -1;

    /// <inheritdoc />
    protected override string Name => "Redis";

    /// <summary>Connection string of a logical database that nobody else was given.</summary>
    public string CreateDatabase()
    {
        var database = Interlocked.Increment(ref next);
        return database < Databases
            ? string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port},defaultDatabase={database},allowAdmin=true")
            : throw new InvalidOperationException("Every logical database of this Redis was given.");
    }

    /// <inheritdoc />
    protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return Encoding.ASCII.GetString(answer) == "+PONG\r\n";
    }

    private protected override async Task<IServerEngine> ChooseAsync(CancellationToken cancellationToken)
    {
        string[] options = ["--databases", Databases.ToString(CultureInfo.InvariantCulture), "--appendonly", "yes", "--save", ""];
        var container = await ContainerEngine.TryAsync("CDR_TEST_REDIS_IMAGE", ["redis:7-alpine", "cdr-redis:local"], Port, 6379,
            builder => builder.WithCommand(["redis-server", .. options, "--protected-mode", "no"]), cancellationToken);
        if (container is not null)
            return container;
        var program = ServerProgram.Find("redis-server", "redis-server");
        var folder = new TestFolder("redis");
        return new ProgramEngine(folder, Terminate, new Dictionary<string, string?>(),
            [program, "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder.Path, .. options]);
    }
}
