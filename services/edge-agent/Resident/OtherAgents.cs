using System.Net.Sockets;

namespace Cdr.EdgeAgent.Resident;

/// <summary>Agents of the same user under other numbers of a session.</summary>
internal static class OtherAgents
{
    private const string Prefix = "agent-";
    private const string Suffix = ".sock";

    public static string PathOf(string number) => Path.Combine(OsSession.Folder, Prefix + number + Suffix);

    /// <summary>How many answer.</summary>
    public static int Count()
    {
        try
        {
            var running = Connect(_ => true);
            running.ForEach(socket => socket.Dispose());
            return running.Count;
        }
        catch (TimeoutException)
        {
            // One at least, and it does not answer.
            return 1;
        }
    }

    /// <summary>The one that may be of this session under another number; null where there is none, or not one alone.</summary>
    public static Socket? TryConnect()
    {
        var running = Connect(number => OsSession.MayBeSame(OsSession.Number, number));
        if (running is [var only])
            return only;
        running.ForEach(socket => socket.Dispose());
        return null;
    }

    private static List<Socket> Connect(Func<string, bool> isMeant)
    {
        try
        {
            var own = PathOf(OsSession.Number);
            return [.. Directory.GetFiles(OsSession.Folder, Prefix + "*" + Suffix).Where(path => path != own && isMeant(Path.GetFileName(path)[Prefix.Length..^Suffix.Length])).Select(ControlSocket.TryConnect).OfType<Socket>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No folder, or somebody else's.
            return [];
        }
    }
}
