using System.Net;
using System.Net.Sockets;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>A network that takes nothing more, with no word that it ended.</summary>
public sealed class FrozenLineTests(TestServers servers)
{
    // In one piece past the client's buffer, which a token reaches; or held by it until the copy is disposed, which none does.
    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(10 * 1024)]
    public async Task A_copy_whose_bytes_are_no_longer_taken_is_not_waited_for(int payload)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var direct = new NpgsqlConnectionStringBuilder(world.Database!.Application);
        using var line = new FrozenLine(direct.Port);
        await using var database = PostgresJournalStore.Database(new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Port = line.Port, MaxPoolSize = 1, SocketSendBufferSize = 4096, WriteBufferSize = 64 * 1024 }.ConnectionString);
        // Connected and prepared while it takes everything.
        await using (var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var command = new NpgsqlCommand("SELECT 1", connection))
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        var store = new PostgresJournalStore(database);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        line.FreezeAfter(4096);

        var committing = store.CommitAsync(Batch(), [.. Enumerable.Range(0, 5).Select(_ => Record(payload))], patience.Token);

        // The data access's own patience is thirty seconds.
        Assert.Same(committing, await Task.WhenAny(committing, Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)));
        Assert.False(committing.IsCompletedSuccessfully);
    }

    private static JournalBatch Batch() => new() { Ids = [], Previous = new byte[32], Root = new byte[32], Hash = new byte[32], Signature = [] };

    private static JournalRecord Record(int payload) => new()
    {
        Id = Records.NewId(),
        Kind = RecordKind.Answered,
        Subject = "",
        Session = "",
        Role = "",
        Establishment = "",
        Group = "",
        Department = "",
        Unit = "",
        Function = "",
        Reason = "",
        Regime = "",
        Regimes = "",
        Pseudonym = [],
        Request = [],
        RulesVersion = "",
        TraceId = "",
        Payload = new byte[payload],
    };

    /// <summary>To a server on this machine; from a number of bytes on it takes nothing from the client, and stays open.</summary>
    private sealed class FrozenLine : IDisposable
    {
        private readonly TcpListener near = new(IPAddress.Loopback, 0);
        private readonly List<IDisposable> ends = [];
        private readonly int far;
        private long left = long.MaxValue;

        public FrozenLine(int far)
        {
            this.far = far;
            near.Server.ReceiveBufferSize = 4096;
            near.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)near.LocalEndpoint).Port;

        public void FreezeAfter(long bytes) => Interlocked.Exchange(ref left, bytes);

        public void Dispose()
        {
            near.Dispose();
            lock (ends)
                ends.ForEach(end => end.Dispose());
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var (here, there) = (await near.AcceptTcpClientAsync(), new TcpClient());
                    lock (ends)
                        ends.AddRange([here, there]);
                    await there.ConnectAsync(IPAddress.Loopback, far);
                    _ = there.GetStream().CopyToAsync(here.GetStream());
                    _ = TakeAsync(here.GetStream(), there.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task TakeAsync(NetworkStream here, NetworkStream there)
        {
            var some = new byte[1024];
            while (Interlocked.Read(ref left) > 0)
            {
                var read = await here.ReadAsync(some);
                Interlocked.Add(ref left, -read);
                await there.WriteAsync(some.AsMemory(0, read));
            }
        }
    }
}
