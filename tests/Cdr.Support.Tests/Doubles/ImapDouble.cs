using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Cdr.Support.Tests.Doubles;

/// <summary>As much of an IMAP server (RFC 3501) as a mailbox of answers needs.</summary>
internal sealed partial class ImapDouble : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;
    private readonly List<Kept> kept = [];
    private int last;

    public ImapDouble()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What lies there, by its flags.</summary>
    public IReadOnlyList<string> Flags
    {
        get
        {
            lock (kept)
                return [.. kept.Select(one => string.Join(' ', one.Flags))];
        }
    }

    public void Put(byte[] message)
    {
        lock (kept)
            kept.Add(new Kept(++last, message, []));
    }

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
                Task SayAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), stopping.Token).AsTask();
                await SayAsync("* OK [CAPABILITY IMAP4rev1] double\r\n");
                while (await reader.ReadLineAsync(stopping.Token) is { } line)
                {
                    var words = line.Split(' ', 3);
                    var (tag, verb, rest) = (words[0], words[1].ToUpperInvariant(), words.Length > 2 ? words[2] : "");
                    if (verb == "UID")
                        (verb, rest) = ("UID " + rest.Split(' ')[0].ToUpperInvariant(), rest[(rest.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
                    await SayAsync(Answer(verb, rest) + (verb == "LOGIN" && !rest.Contains("secret", StringComparison.Ordinal) ? $"{tag} NO no\r\n" : $"{tag} OK {(verb == "SELECT" ? "[READ-WRITE] " : "")}done\r\n"));
                    if (verb == "LOGOUT")
                        return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // Over.
        }
    }

    private string Answer(string verb, string rest)
    {
        lock (kept)
        {
            switch (verb)
            {
                case "CAPABILITY":
                    return "* CAPABILITY IMAP4rev1\r\n";
                case "LIST":
                    return rest == "\"\" \"\"" ? "* LIST (\\Noselect) \"/\" \"\"\r\n" : "* LIST () \"/\" INBOX\r\n";
                case "SELECT":
                    return $"* FLAGS (\\Seen \\Flagged \\Deleted)\r\n* {kept.Count} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT {last + 1}] ok\r\n* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted)] ok\r\n";
                case "UID SEARCH":
                    return "* SEARCH" + string.Concat(kept.Where(one => one.Flags.Count == 0).Select(one => $" {one.Uid}")) + "\r\n";
                case "UID FETCH":
                    return string.Concat(Of(rest).Select(one => rest.Contains("BODY", StringComparison.Ordinal)
                        ? $"* {kept.IndexOf(one) + 1} FETCH (UID {one.Uid} BODY[] {{{one.Message.Length}}}\r\n{Encoding.Latin1.GetString(one.Message)})\r\n"
                        : $"* {kept.IndexOf(one) + 1} FETCH (UID {one.Uid} RFC822.SIZE {one.Message.Length})\r\n"));
                case "UID STORE":
                    foreach (var one in Of(rest))
                        one.Flags.Add(Flag().Match(rest).Value);
                    return "";
                case "EXPUNGE":
                    var gone = new StringBuilder();
                    for (var at = kept.Count - 1; at >= 0; at--)
                    {
                        if (!kept[at].Flags.Contains("\\Deleted"))
                            continue;
                        gone.Append(System.Globalization.CultureInfo.InvariantCulture, $"* {at + 1} EXPUNGE\r\n");
                        kept.RemoveAt(at);
                    }

                    return gone.ToString();
                case "LOGOUT":
                    return "* BYE bye\r\n";
                default:
                    return "";
            }
        }
    }

    private List<Kept> Of(string rest)
    {
        var uids = rest.Split(' ')[0].Split(',').SelectMany(range => range.Split(':') is [var first, var end] ? Enumerable.Range(int.Parse(first, null), int.Parse(end, null) - int.Parse(first, null) + 1) : [int.Parse(range, null)]).ToHashSet();
        return kept.FindAll(one => uids.Contains(one.Uid));
    }

    [GeneratedRegex(@"\\(Deleted|Flagged)")]
    private static partial Regex Flag();

    private sealed record Kept(int Uid, byte[] Message, List<string> Flags);
}
