using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Cdr.Support.Tests.Doubles;

/// <summary>An SMTP server that says what it is told to say, and keeps what it took.</summary>
internal sealed class SmtpDouble : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    public SmtpDouble()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<MimeMessage> Taken { get; } = [];

    /// <summary>Instead of taking a recipient.</summary>
    public string? RecipientReply { get; set; }

    /// <summary>It took the message and the line went dead before it said so.</summary>
    public int DiesAfterTaking;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        stopping.Dispose();
        listener.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> talks = [];
        try
        {
            while (!stopping.IsCancellationRequested)
                talks.Add(TalkAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Over.
        }

        await Task.WhenAll(talks);
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                Task SayAsync(string line) => stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), stopping.Token).AsTask();
                await SayAsync("220 double");
                while (await reader.ReadLineAsync(stopping.Token) is { } line)
                {
                    var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                    if (verb == "QUIT")
                    {
                        await SayAsync("221 bye");
                        return;
                    }

                    if (verb == "DATA")
                    {
                        await SayAsync("354 go on");
                        if (!await TakeAsync(reader))
                            return;
                    }

                    await SayAsync(verb == "RCPT" && RecipientReply is { } reply ? reply : "250 ok");
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // Over.
        }
    }

    private async Task<bool> TakeAsync(StreamReader reader)
    {
        var data = new StringBuilder();
        for (string? line; (line = await reader.ReadLineAsync(stopping.Token)) != ".";)
        {
            // Cut in the middle: nothing was taken.
            if (line is null)
                return false;
            data.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        }

        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(data.ToString()));
        Taken.Enqueue(await MimeMessage.LoadAsync(bytes, stopping.Token));
        return Interlocked.Decrement(ref DiesAfterTaking) < 0;
    }
}
