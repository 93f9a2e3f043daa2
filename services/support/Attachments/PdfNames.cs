using System.Globalization;

namespace Cdr.Support.Attachments;

/// <summary>Looks for the names of ISO 32000 that an action or a file inside cannot do without, however they are escaped and wherever they stand.</summary>
internal static class PdfNames
{
    /// <summary>How far a name and what follows it are looked at: two readings of one stream lie over each other by as much.</summary>
    public const int Reach = 2048;

    private const int MostName = 32;

    // What stands between a name and its value: blanks and remarks, and hardly more. A reference has three of these, within the reach.
    private const int MostBetween = 600;

    // Long enough not to stand by chance in compressed bytes.
    private static readonly HashSet<string> Acts = new(StringComparer.Ordinal)
    {
        "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "Filespec", "RichMedia", "RichMediaContent", "RichMediaExecute", "OnInstantiate", "GoTo3DView", "XFA", "SubmitForm",
        "ImportData", "GoToR", "GoToE", "Encrypt", "Movie", "Sound", "Rendition",
    };

    /// <summary>Whether none of them is there.</summary>
    /// <param name="text">A part of a file, or of what a stream holds.</param>
    /// <param name="isLast">False: what touches its end is read again with the next part.</param>
    /// <param name="packed">How often it says that it packs objects.</param>
    public static bool AreHarmless(ReadOnlySpan<byte> text, bool isLast, out int packed)
    {
        packed = 0;
        var (before, beforeEnd) = ("", 0);
        for (var at = Next(text, 0); at >= 0; at = Next(text, at + 1))
        {
            var (name, end) = Read(text, at);
            if (end == text.Length && !isLast)
                break;
            if (Acts.Contains(name) || (name is "EF" or "AF" or "3DD" or "URI" && Means(name, text[end..])) || (name is "3D" or "URI" && before is "S" or "Type" or "Subtype" && Skip(text, beforeEnd) is var next && (next == at || next < 0)))
                return false;
            packed += name == "ObjStm" ? 1 : 0;
            (before, beforeEnd) = (name, end);
        }

        return true;
    }

    /// <summary>The name that begins at a slash, without it, and where it ends.</summary>
    public static (string Name, int End) Read(ReadOnlySpan<byte> text, int at)
    {
        Span<char> name = stackalloc char[MostName];
        var length = 0;
        for (at++; at < text.Length && length < MostName; at++)
        {
            if (text[at] == '#' && at + 2 < text.Length && byte.TryParse(text.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                name[length++] = (char)code;
                at += 2;
            }
            else if (char.IsAsciiLetterOrDigit((char)text[at]))
            {
                name[length++] = (char)text[at];
            }
            else
            {
                break;
            }
        }

        return (new string(name[..length]), at);
    }

    /// <summary>Past blanks and remarks; -1 where there are more of them than anybody writes.</summary>
    public static int Skip(ReadOnlySpan<byte> text, int at)
    {
        var most = Math.Min(text.Length, at + MostBetween);
        for (; at < most; at++)
        {
            if (text[at] == '%')
            {
                while (at < most && text[at] is not ((byte)'\n' or (byte)'\r'))
                    at++;
            }
            else if (!IsBlank(text[at]))
            {
                return at;
            }
        }

        return at == text.Length ? at : -1;
    }

    public static bool IsBlank(byte one) => one is 0 or 9 or 10 or 12 or 13 or 32;

    // Short names stand by chance in any compressed bytes: with a value after them they mean it.
    private static bool Means(string name, ReadOnlySpan<byte> after)
    {
        var at = Skip(after, 0);
        if (at < 0)
            return true;
        if (at == after.Length)
            return false;
        return name switch
        {
            "URI" => after[at] is (byte)'(' or (byte)'<',
            "AF" => after[at] == '[',
            _ => after[at..].StartsWith("<<"u8),
        } || IsReference(after[at..]);
    }

    private static bool IsReference(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (var number = 0; number < 2; number++)
        {
            var digits = 0;
            for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
                digits++;
            if (digits is 0 or > 10 || at == text.Length)
                return false;
            var next = Skip(text, at);
            if (next < 0)
                return true;
            if (next == at || next == text.Length)
                return false;
            at = next;
        }

        return text[at] == 'R';
    }

    private static int Next(ReadOnlySpan<byte> text, int from) => from >= text.Length ? -1 : text[from..].IndexOf((byte)'/') is var found and >= 0 ? from + found : -1;
}
