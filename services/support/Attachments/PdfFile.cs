using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Cdr.Support.Attachments;

/// <summary>A PDF that does nothing: no script, no action, no file inside, also where a stream hides them; nothing before its head nor after its end.</summary>
internal static class PdfFile
{
    private const int MostInflated = 40 * 1024 * 1024;

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
        if (Names(text))
            return (null, "pdf-acts");
        var room = MostInflated;
        for (var at = text.IndexOf("stream", StringComparison.Ordinal); at >= 0; at = text.IndexOf("stream", at + 6, StringComparison.Ordinal))
        {
            // « endstream » ends with it too.
            if (at >= 3 && text.AsSpan(at - 3, 3) is "end")
                continue;
            if (Hides(text, at))
                return (null, "pdf-acts");
            var data = at + 6;
            data += data < bytes.Length && bytes[data] == '\r' ? 1 : 0;
            data += data < bytes.Length && bytes[data] == '\n' ? 1 : 0;
            if (Inflate(bytes, data, ref room) is not { } inflated)
                return (null, "bomb");
            if (Names(inflated))
                return (null, "pdf-acts");
        }

        return (bytes, null);
    }

    /// <summary>Objects in a stream that is packed in a way which is not unpacked here.</summary>
    private static bool Hides(string text, int stream)
    {
        var from = text.LastIndexOf("obj", stream, StringComparison.Ordinal);
        var dictionary = from < 0 ? "" : text[from..stream];
        return dictionary.Contains('#', StringComparison.Ordinal)
            || (dictionary.Contains("ObjStm", StringComparison.Ordinal)
                && (dictionary.Contains("Predictor", StringComparison.Ordinal) || dictionary.Split("Decode").Length - 1 > (dictionary.Contains("/FlateDecode", StringComparison.Ordinal) ? 1 : 0)));
    }

    /// <summary>Null: more than there is room for. What is not compressed this way is empty here, and was read above as it is.</summary>
    private static string? Inflate(byte[] bytes, int from, ref int room)
    {
        if (from >= bytes.Length || (bytes[from] & 0x0F) != 8)
            return "";
        using var inflated = new MemoryStream();
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes, from, bytes.Length - from), CompressionMode.Decompress);
            var part = new byte[81_920];
            for (int read; (read = stream.Read(part)) > 0;)
            {
                if ((room -= read) < 0)
                    return null;
                inflated.Write(part, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            // What came before the fault is looked at.
        }

        return Encoding.Latin1.GetString(inflated.GetBuffer(), 0, (int)inflated.Length);
    }

    /// <summary>Whether one of the names is there, however it is written: <c>/J#61vaScript</c> is one too.</summary>
    private static bool Names(string text)
    {
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

            if (Acts.Contains(name.ToString()))
                return true;
        }

        return false;
    }
}
