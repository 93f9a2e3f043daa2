using System.Net;
using System.Net.Sockets;
using System.Text;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>What an HTTP handler of a test cannot do: connections that really break.</summary>
public sealed class RealSocketTests
{
    [Fact]
    public async Task A_refused_connection_is_an_outage()
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = Address(free);
        free.Stop();

        using var harness = new RegimeHarness(realSockets: true, address: address);

        Assert.Equal(new RegimeAnswer.Unavailable(UnavailableReason.Failing), await harness.AskAsync("cnam"));
    }

    [Fact]
    public async Task A_connection_reset_before_the_answer_is_tried_once_more()
    {
        var connections = await ServeAsync(
            (number, body) => number == 1 ? null : $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            answer => Assert.IsType<RegimeAnswer.Unknown>(answer));

        Assert.Equal(2, connections);
    }

    [Fact]
    public async Task An_answer_that_stops_in_the_middle_is_unreadable_and_not_asked_for_again()
    {
        var connections = await ServeAsync(
            (_, body) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length + 100}\r\n\r\n{body}",
            answer => Assert.Equal(EveryDialectTests.Unreadable, answer));

        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        var connections = await ServeAsync(
            (_, _) => "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            answer => Assert.Equal(EveryDialectTests.Unreadable, answer));

        Assert.Equal(1, connections);
    }

    /// <returns>How many connections came.</returns>
    private static async Task<int> ServeAsync(Func<int, string, string?> response, Action<RegimeAnswer> check)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var connections = 0;
        var serving = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    using var connection = await listener.AcceptSocketAsync(stop.Token);
                    connections++;
                    await connection.ReceiveAsync(new byte[16 * 1024], stop.Token);
                    if (response(connections, """{"statut":"INCONNU"}""") is { } text)
                        await connection.SendAsync(Encoding.ASCII.GetBytes(text), stop.Token);
                    else
                        connection.LingerState = new LingerOption(enable: true, seconds: 0);
                    connection.Close();
                }
            },
            stop.Token);

        using (var harness = new RegimeHarness(realSockets: true, address: Address(listener)))
            check(await harness.AskAsync("cnam"));
        await stop.CancelAsync();
        await Task.WhenAny(serving);
        return connections;
    }

    private static string Address(TcpListener listener) => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
}
