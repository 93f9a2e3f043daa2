using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Cdr.Testing.Servers;

/// <summary>Ports for servers that must keep theirs over a restart.</summary>
public static class FreePort
{
    // Below the range the kernel gives to outgoing connections: while a server is down, nobody takes its port.
    private const int First = 20000;
    private const int Last = 32000;

    // Whoever asked listens later: what was given once is not given again.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port of 127.0.0.1 that nobody listens on, and that nobody else was given in this process.</summary>
    public static int Take()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var port = Random.Shared.Next(First, Last);
            if (!Given.TryAdd(port, true))
                continue;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }

        throw new InvalidOperationException("No free port was found on 127.0.0.1.");
    }

    /// <summary>Whether somebody accepts connections there.</summary>
    public static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
