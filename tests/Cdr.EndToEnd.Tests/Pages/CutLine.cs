using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>The network between a workstation and the platform: one address that can be cut, in the middle of anything, and mended.</summary>
internal sealed class CutLine : IDisposable
{
    private readonly ConcurrentDictionary<TcpClient, byte> ends = new();
    private readonly Uri far;
    private TcpListener near;

    public CutLine(Uri far)
    {
        this.far = far;
        near = Listen(0);
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)near.LocalEndpoint).Port}/");
    }

    public Uri Address { get; }

    /// <summary>Resets what is connected and refuses what is not.</summary>
    public void Cut()
    {
        near.Stop();
        foreach (var end in ends.Keys)
            Hang(end);
    }

    public void Mend() => near = Listen(Address.Port);

    public void Dispose() => Cut();

    private TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = JoinAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }

    private async Task JoinAsync(TcpClient here)
    {
        var there = new TcpClient();
        ends[here] = ends[there] = 0;
        try
        {
            await there.ConnectAsync(far.Host, far.Port);
            await Task.WhenAny(here.GetStream().CopyToAsync(there.GetStream()), there.GetStream().CopyToAsync(here.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or left.
        }
        finally
        {
            Hang(here);
            Hang(there);
        }
    }

    private void Hang(TcpClient end)
    {
        ends.TryRemove(end, out _);
        end.Close();
    }
}
