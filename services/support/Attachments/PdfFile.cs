using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Cdr.Support.Attachments;

/// <summary>A PDF that does nothing: no script, no action, no file inside, also where a stream hides them; nothing before its head nor after its end.</summary>
internal static partial class PdfFile
{
    private const int MostInflated = 40 * 1024 * 1024;
    private const int MostObjects = 8 * 1024 * 1024;

    // A page has some; a file of nothing else would be looked at for minutes.
    private const int MostStreams = 20_000;

    // Names of ISO 32000 that an action cannot do without, or that hide it. Short ones (JS, AA) stand by chance in any compressed bytes.
    private static readonly HashSet<string> Acts = new(StringComparer.Ordinal)
    {
        "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "SubmitForm", "ImportData", "GoToR", "GoToE", "Encrypt", "Movie", "Sound", "Rendition",
    };

    public static (byte[]? Kept, string? Fault) Read(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.LastIndexOf("%%EOF", StringComparison.Ordinal);
        if (end < 0)
            return (null, "pdf-damaged");
        if (text.AsSpan(end + 5).Trim().Length > 0)
            return (null, "something-appended");
        if (!IsHarmless(text, out var packedNames))
            return (null, "pdf-acts");

        // What is packed is read where it is packed in the one known way; whatever else says that it holds objects is refused.
        var packed = Packed().Matches(text);
        if (packed.Count != packedNames)
            return (null, "pdf-acts");
        foreach (Match match in packed)
        {
            var filters = FilterName().Count(match.Value);
            if (filters > 1 || (filters == 1 && !Deflated().IsMatch(match.Value)))
                return (null, "pdf-acts");
            if (filters == 0)
                continue;
            if (Inflate(bytes, match.Index + match.Length, MostObjects, keep: true) is not { } inflated)
                return (null, "bomb");
            if (!IsHarmless(Encoding.Latin1.GetString(inflated.GetBuffer(), 0, (int)inflated.Length), out var inner) || inner > 0)
                return (null, "pdf-acts");
        }

        return InflatedSize(text, bytes) is { } fault ? (null, fault) : (bytes, null);
    }

    /// <summary>Null: no more than there is room for in all.</summary>
    private static string? InflatedSize(string text, byte[] bytes)
    {
        var (streams, room) = (0, (long)MostInflated);
        for (var at = text.IndexOf("stream", StringComparison.Ordinal); at >= 0; at = text.IndexOf("stream", at + 6, StringComparison.Ordinal))
        {
            // « endstream » ends with it too.
            if (at >= 3 && text.AsSpan(at - 3, 3) is "end")
                continue;
            if (++streams > MostStreams)
                return "pdf-damaged";
            var data = at + 6;
            data += data < bytes.Length && bytes[data] == '\r' ? 1 : 0;
            data += data < bytes.Length && bytes[data] == '\n' ? 1 : 0;
            if (Inflate(bytes, data, room, keep: false) is not { } inflated)
                return "bomb";
            room -= inflated.Position;
        }

        return null;
    }

    /// <summary>A stream of objects: nothing nested, no text, no coded name in its dictionary, its data on the next line.</summary>
    [GeneratedRegex(@"<<[^<>()#]{0,400}?/ObjStm\b[^<>()#]{0,400}?>>\s{0,16}stream\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex Packed();

    [GeneratedRegex("/(?:F?Filter|F|DecodeParms|DP)\\b", RegexOptions.CultureInvariant)]
    private static partial Regex FilterName();

    [GeneratedRegex(@"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])\s*[/>]", RegexOptions.CultureInvariant)]
    private static partial Regex Deflated();

    /// <summary>Null: more than there is room for. What is not compressed this way is empty here, and was read above as it is. Its position is its size.</summary>
    private static MemoryStream? Inflate(byte[] bytes, int from, long room, bool keep)
    {
        var inflated = new MemoryStream();
        if (from >= bytes.Length || (bytes[from] & 0x0F) != 8)
            return inflated;
        var size = 0L;
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes, from, bytes.Length - from), CompressionMode.Decompress);
            var part = new byte[16_384];
            for (int read; (read = stream.Read(part)) > 0;)
            {
                if ((size += read) > room)
                    return null;
                if (keep)
                    inflated.Write(part, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            // What came before the fault is looked at.
        }

        inflated.Position = size;
        return inflated;
    }

    /// <summary>Whether none of the names is there, however it is written: <c>/J#61vaScript</c> is one too.</summary>
    private static bool IsHarmless(string text, out int packed)
    {
        packed = 0;
        var name = new StringBuilder();
        for (var at = text.IndexOf('/', StringComparison.Ordinal); at >= 0; at = text.IndexOf('/', at + 1))
        {
            name.Clear();
            for (var next = at + 1; next < text.Length && name.Length < 32; next++)
            {
                if (text[next] == '#' && next + 2 < text.Length && byte.TryParse(text.AsSpan(next + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    name.Append((char)code);
                    next += 2;
                }
                else if (char.IsAsciiLetterOrDigit(text[next]))
                {
                    name.Append(text[next]);
                }
                else
                {
                    break;
                }
            }

            var read = name.ToString();
            if (Acts.Contains(read))
                return false;
            packed += read == "ObjStm" ? 1 : 0;
        }

        return true;
    }
}
