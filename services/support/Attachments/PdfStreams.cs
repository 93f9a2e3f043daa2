namespace Cdr.Support.Attachments;

/// <summary>Finds streams that pack objects, as a reader finds them: by the two entries that it needs, whatever the stream says that it is.</summary>
internal static class PdfStreams
{
    private const int MostDepth = 64;

    /// <summary>Null: too much of it nests to be read. Otherwise where the keyword « stream » of each stands.</summary>
    public static List<int>? Packing(ReadOnlySpan<byte> text)
    {
        List<int> found = [];
        // Of a plain file each byte is in one dictionary.
        var room = (4L * text.Length) + 100_000;
        for (var at = Next(text, 0); at >= 0; at = Next(text, at + 3))
        {
            var begins = PdfNames.Skip(text, at + 3);
            var (end, packs) = Dictionary(text, begins, ref room);
            var keyword = packs ? PdfNames.Skip(text, end) : end;
            if (room < 0 || begins < 0 || keyword < 0)
                return null;
            if (packs && text[keyword..].StartsWith("stream"u8))
                found.Add(keyword);
        }

        return found;
    }

    /// <summary>Where the dictionary ends that begins there, and whether it says both where its first object is and how many it has.</summary>
    private static (int End, bool Packs) Dictionary(ReadOnlySpan<byte> text, int at, ref long room)
    {
        if (at < 0 || !text[at..].StartsWith("<<"u8))
            return (0, false);
        var (depth, hasNumber, hasFirst, from) = (0, false, false, at);
        while (at < text.Length && room - (at - from) >= 0)
        {
            var rest = text[at..];
            if (rest.StartsWith("<<"u8))
            {
                at += 2;
                if (++depth > MostDepth)
                {
                    room = -1;
                    break;
                }
            }
            else if (rest.StartsWith(">>"u8))
            {
                at += 2;
                if (--depth == 0)
                {
                    room -= at - from;
                    return (at, hasNumber && hasFirst);
                }
            }
            else if (rest[0] == '/')
            {
                (var name, at) = PdfNames.Read(text, at);
                if (depth == 1)
                    (hasNumber, hasFirst) = (hasNumber || name == "N", hasFirst || name == "First");
            }
            else
            {
                at += rest[0] switch { (byte)'(' => Words(rest), (byte)'<' => To(rest, (byte)'>'), (byte)'%' => Remark(rest), _ => 1 };
            }
        }

        room -= at - from;
        return (0, false);
    }

    private static int Words(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '(')
                depth++;
            else if (text[at] == ')' && --depth == 0)
                return at + 1;
        }

        return text.Length;
    }

    private static int To(ReadOnlySpan<byte> text, byte end) => text.IndexOf(end) is var found and >= 0 ? found + 1 : text.Length;

    private static int Remark(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)'\n', (byte)'\r') is var found and >= 0 ? found : text.Length;

    private static int Next(ReadOnlySpan<byte> text, int from) => from >= text.Length ? -1 : text[from..].IndexOf("obj"u8) is var found and >= 0 ? from + found : -1;
}
