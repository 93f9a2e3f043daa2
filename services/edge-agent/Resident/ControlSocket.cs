using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Cdr.EdgeAgent.Resident;

/// <summary>
/// How the user's other programs reach the agent of the same OS session: a socket in a folder that is the user's alone. Another user cannot
/// open it, and another session of the same user has another.
/// </summary>
internal static class ControlSocket
{
    private const int Longest = 16 * 1024;

    // Whoever was not answered waits here no more: many may have asked of an agent that was stopped for a while.
    private const int Waiting = 64;

    /// <summary>A status is answered at once; an agent that does not is stopped, or hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string Path => OtherAgents.PathOf(OsSession.Number);

    /// <summary>Null when an agent is there already, whether it answers or not.</summary>
    public static Socket? Listen()
    {
        var path = Path;
        MakeFolder(System.IO.Path.GetDirectoryName(path)!);
        if (File.Exists(path))
        {
            try
            {
                if (TryConnect(path) is { } other)
                {
                    other.Dispose();
                    return null;
                }
            }
            catch (TimeoutException)
            {
                return null;
            }

            // Of an agent that was killed.
            File.Delete(path);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(Waiting);
        return socket;
    }

    /// <summary>Answers until cancelled; one connection after the other is enough for one person, but a login waits for a PIN and a logout must not.</summary>
    public static async Task ServeAsync(Socket socket, Func<AgentRequest, CancellationToken, Task<AgentReply>> answer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var client = await socket.AcceptAsync(cancellationToken);
                _ = Task.Run(() => ConverseAsync(client, answer, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            socket.Dispose();
            File.Delete(Path);
        }
    }

    /// <summary>
    /// Null when no agent runs in this OS session, nor one alone in what may be the same under another number. One that is there and does not
    /// answer says <see cref="AgentWords.Silent"/>.
    /// </summary>
    public static async Task<AgentReply?> AskAsync(AgentRequest request, CancellationToken cancellationToken)
    {
        // A PIN must not be asked for when an agent that was stopped goes on, and whoever clicked is gone. A logout, on the contrary, waits there for it.
        if (request.Verb == "login" && await StatusAsync(cancellationToken) is var alive and not { State: not null })
            return alive;
        try
        {
            using var socket = TryConnect(Path) ?? OtherAgents.TryConnect();
            if (socket is null)
                return null;
            await using var stream = new NetworkStream(socket);
            var reply = SayAsync(stream, request, cancellationToken);
            while (true)
            {
                // A PIN is typed, or the platform is slow: that is waited for as long as a status is answered beside it.
                var beside = request.Verb == "status" ? null : StatusAsync(cancellationToken);
                try
                {
                    return await reply.WaitAsync(Patience, TimeProvider.System, cancellationToken) ?? AgentWords.Silent;
                }
                catch (TimeoutException)
                {
                    if (beside is null || await beside is not { State: not null })
                        return AgentWords.Silent;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException or TimeoutException)
        {
            // It was killed meanwhile, or nobody takes what waits for it.
            return AgentWords.Silent;
        }
    }

    private static Task<AgentReply?> StatusAsync(CancellationToken cancellationToken) => AskAsync(new AgentRequest("status"), cancellationToken);

    /// <summary>Null: it ended without a word.</summary>
    private static async Task<AgentReply?> SayAsync(NetworkStream stream, AgentRequest request, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, JsonSerializerOptions.Web) + "\n"), cancellationToken);
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(cancellationToken) is { } line ? JsonSerializer.Deserialize<AgentReply>(line, JsonSerializerOptions.Web) : null;
    }

    private static async Task ConverseAsync(Socket client, Func<AgentRequest, CancellationToken, Task<AgentReply>> answer, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                await using var stream = new NetworkStream(client);
                var buffer = new byte[Longest];
                var length = 0;
                while (length < Longest && (length == 0 || buffer[length - 1] != '\n'))
                {
                    var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                    if (read == 0)
                        return;
                    length += read;
                }

                var reply = JsonSerializer.Deserialize<AgentRequest>(buffer.AsSpan(0, length), JsonSerializerOptions.Web) is { Verb: not null } request
                    ? await answer(request, cancellationToken)
                    : new AgentReply(false, "request-unreadable", "Demande illisible.");
                await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(reply, JsonSerializerOptions.Web) + "\n"), cancellationToken);
            }
            catch (Exception e) when (e is IOException or SocketException or JsonException or OperationCanceledException)
            {
                // Whoever asked has gone.
            }
        }
    }

    /// <summary>Null: nobody listens there.</summary>
    /// <exception cref="TimeoutException">So many wait that no other may: nobody takes them.</exception>
    internal static Socket? TryConnect(string path)
    {
        // Connecting to a full one would wait without end. Windows has no end for it that is known here.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = OperatingSystem.IsWindows() };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Blocking = true;
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
        {
            socket.Dispose();
            throw new TimeoutException();
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>A folder that is the user's alone.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // Under the user's profile, which others may not read.
            Directory.CreateDirectory(folder);
            return;
        }

        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, Own);
        // Made before by somebody else, this throws: an agent listens nowhere that another user could reach.
        File.SetUnixFileMode(folder, Own);
    }
}
