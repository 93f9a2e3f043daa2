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

    public static (byte[]? Kept, string? Fault) Read(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.LastIndexOf("%%EOF", StringComparison.Ordinal);
        if (end < 0)
            return (null, "pdf-damaged");
        if (text.AsSpan(end + 5).Trim().Length > 0)
            return (null, "something-appended");
        if (!PdfNames.AreHarmless(bytes, isLast: true, out var packedNames))
            return (null, "pdf-acts");

        // What is packed is read where it is packed in the one known way; whatever else says that it holds objects is refused, and whatever does not say so.
        var packed = Packed().Matches(text);
        if (packed.Count != packedNames)
            return (null, "pdf-acts");
        if (PdfStreams.Packing(bytes) is not { } packing)
            return (null, "pdf-damaged");
        if (packing.Except(packed.Select(match => text.LastIndexOf("stream", match.Index + match.Length - 1, StringComparison.Ordinal))).Any())
            return (null, "pdf-acts");
        var room = (long)MostInflated;
        foreach (Match match in packed)
        {
            var filters = FilterName().Count(match.Value);
            if (filters > 1 || (filters == 1 && !Deflated().IsMatch(match.Value)))
                return (null, "pdf-acts");
            if (filters == 0)
                continue;
            var (fault, size, nested, isWhole) = Inflate(bytes, match.Index + match.Length, Math.Min(room, MostObjects));
            if (fault is not null || nested > 0)
                return (null, fault ?? "pdf-acts");
            // A reader of PDF is content with less than what is whole: it may see objects that were not read here.
            if (!isWhole)
                return (null, "pdf-damaged");
            room -= size;
        }

        return Streams(text, bytes) is { } hidden ? (null, hidden) : (bytes, null);
    }

    /// <summary>Null: no more than there is room for in all, and nothing that acts.</summary>
    private static string? Streams(string text, byte[] bytes)
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
            while (data < bytes.Length && bytes[data] is (byte)' ' or (byte)'\t')
                data++;
            data += data < bytes.Length && bytes[data] == '\r' ? 1 : 0;
            data += data < bytes.Length && bytes[data] == '\n' ? 1 : 0;
            var (fault, size, _, _) = Inflate(bytes, data, room);
            if (fault is not null)
                return fault;
            room -= size;
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

    /// <summary>Reads what is compressed this way to its end, part by part; of what is not, and was read above as it is, nothing.</summary>
    private static (string? Fault, long Size, int Packed, bool IsWhole) Inflate(byte[] bytes, int from, long room)
    {
        if (from >= bytes.Length || (bytes[from] & 0x0F) != 8)
            return default;
        var (size, kept, packed, isWhole) = (0L, 0, 0, false);
        var part = new byte[65_536 + PdfNames.Reach];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes, from, bytes.Length - from), CompressionMode.Decompress);
            for (int read; (read = stream.Read(part, kept, part.Length - kept)) > 0;)
            {
                if ((size += read) > room)
                    return ("bomb", size, packed, false);
                kept += read;
                if (kept < part.Length)
                    continue;
                if (!PdfNames.AreHarmless(part, isLast: false, out var some))
                    return ("pdf-acts", size, packed, false);
                packed += some;
                part.AsSpan(kept - PdfNames.Reach).CopyTo(part);
                kept = PdfNames.Reach;
            }

            isWhole = size > 0;
        }
        catch (InvalidDataException)
        {
            // What came before the fault is looked at.
        }

        return PdfNames.AreHarmless(part.AsSpan(0, kept), isLast: true, out var last) ? (null, size, packed + last, isWhole) : ("pdf-acts", size, packed, isWhole);
    }
}
