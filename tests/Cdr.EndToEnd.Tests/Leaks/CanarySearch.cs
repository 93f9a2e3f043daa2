using System.Text;
using System.Text.RegularExpressions;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>
/// Finds any of very many persons in bytes, in one pass a view: every run of thirteen digits, whatever parts them, and every run of
/// letters of a name's length, without case or accents, looked up. The views are the bytes themselves, and what they are when read as
/// UTF-16, hexadecimal, base64 (both alphabets, any alignment), a URL, escaped JSON, HTML with entities or quoted-printable.
/// </summary>
internal sealed partial class CanarySearch
{
    /// <summary>Letters of every canary's name: long enough that none comes by chance.</summary>
    public const int NameLength = 12;

    /// <summary>A form is found when it does not reach over the end by more than this: what is cut in parts repeats as much.</summary>
    public const int Longest = 512;

    private const ulong Digits = 10_000_000_000_000;
    private static readonly ulong Letters = (ulong)Math.Pow(26, NameLength - 1);
    private static readonly byte[] Folded = Folds();
    private readonly Dictionary<ulong, int> numbers = [];
    private readonly Dictionary<ulong, int> names = [];

    /// <param name="people">By number and names.</param>
    /// <param name="others">By number alone, 13 digits: their names are others' too.</param>
    public CanarySearch(IEnumerable<CanaryPerson> people, IEnumerable<string>? others = null)
    {
        foreach (var person in people)
        {
            numbers.Add(ulong.Parse(person.Nir[..13], System.Globalization.CultureInfo.InvariantCulture), person.Index);
            names.Add(NameKey(person.FamilyName), person.Index);
            names.Add(NameKey(person.GivenName), person.Index);
        }

        foreach (var (index, number) in (others ?? []).Distinct(StringComparer.Ordinal).Index())
            numbers.Add(ulong.Parse(number, System.Globalization.CultureInfo.InvariantCulture), ~index);
    }

    /// <summary>Which of them are in these bytes, and how; never the value itself.</summary>
    public IReadOnlyList<string> FoundIn(byte[] bytes)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Scan(bytes, "", found);
        for (var parity = 0; parity < 2; parity++)
            Scan(EverySecond(bytes, parity), ", in UTF-16", found);
        if (bytes.AsSpan().Contains((byte)'%'))
            Scan(Unescaped(bytes), ", in a URL", found);
        var text = Encoding.Latin1.GetString(bytes);
        if (text.Contains("\\u", StringComparison.Ordinal))
            Scan(Encoding.UTF8.GetBytes(Escape().Replace(text, match => ((char)Convert.ToInt32(match.Value[2..], 16)).ToString())), ", in JSON", found);
        if (text.Contains("&#", StringComparison.Ordinal) || Entity().IsMatch(text))
            Scan(Encoding.UTF8.GetBytes(System.Net.WebUtility.HtmlDecode(text)), ", in HTML", found);
        if (QuotedLine().IsMatch(text))
            Scan(Unescaped(Encoding.Latin1.GetBytes(SoftBreak().Replace(text, "")), (byte)'='), ", in quoted-printable", found);
        foreach (var run in HexRuns().EnumerateMatches(text))
        {
            for (var shift = 0; shift < 2; shift++)
                Scan(Convert.FromHexString(text.AsSpan(run.Index + shift, (run.Length - shift) & ~1)), ", in hexadecimal", found);
        }

        // A letter's goes on over many lines.
        var joined = text.Contains("base64", StringComparison.OrdinalIgnoreCase) ? LineEnd().Replace(text, "") : text;
        foreach (var run in Base64Runs().EnumerateMatches(joined))
        {
            var standard = joined.Substring(run.Index, run.Length).Replace('-', '+').Replace('_', '/');
            for (var shift = 0; shift < 4; shift++)
                Scan(Convert.FromBase64String(standard.Substring(shift, (run.Length - shift) & ~3)), ", in base64", found);
        }

        return [.. found];
    }

    private void Scan(ReadOnlySpan<byte> bytes, string form, SortedSet<string> found)
    {
        var (number, digits, gap) = (0UL, 0, 0);
        var (name, letters) = (0UL, 0);
        for (var at = 0; at < bytes.Length; at++)
        {
            var one = bytes[at];
            if (one is >= (byte)'0' and <= (byte)'9')
            {
                number = (number * 10 + (ulong)(one - '0')) % Digits;
                gap = 0;
                if (++digits >= 13 && numbers.TryGetValue(number, out var whose))
                    found.Add(whose < 0 ? $"number of found person {~whose}{form}" : $"number of canary {whose}{form}");
            }
            else if (++gap > 2 || !IsGap(one))
            {
                digits = 0;
            }

            // An accent of UTF-8 is two bytes, and a letter's base in one of a decomposed text.
            if (one is 0xCC or 0xCD && at + 1 < bytes.Length && bytes[at + 1] is >= 0x80 and <= 0xBF)
            {
                at++;
                continue;
            }

            var letter = Folded[one];
            if (one == 0xC3 && at + 1 < bytes.Length && bytes[at + 1] is >= 0x80 and <= 0xBF)
                letter = Folded[bytes[++at] + 0x40];
            if (letter == byte.MaxValue)
            {
                letters = 0;
                continue;
            }

            name = name % Letters * 26 + letter;
            if (++letters >= NameLength && names.TryGetValue(name, out var named))
                found.Add($"name of canary {named}{form}");
        }
    }

    // Space, no-break space (two bytes of UTF-8), and what forms and addresses put between groups.
    private static bool IsGap(byte one) => one is (byte)' ' or (byte)'.' or (byte)'-' or (byte)'+' or (byte)'_' or (byte)'/' or 0xC2 or 0xA0;

    private static ulong NameKey(string name)
    {
        var key = 0UL;
        foreach (var letter in name)
            key = key * 26 + Folded[(byte)letter];
        return name.Length == NameLength ? key : throw new ArgumentException("Not a canary's name.", nameof(name));
    }

    private static byte[] EverySecond(byte[] bytes, int parity)
    {
        var half = new byte[(bytes.Length - parity + 1) / 2];
        for (var at = 0; at < half.Length; at++)
            half[at] = bytes[2 * at + parity];
        return half;
    }

    private static byte[] Unescaped(byte[] bytes, byte mark = (byte)'%')
    {
        var plain = new MemoryStream(bytes.Length);
        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] == mark && at + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[at + 1]) && char.IsAsciiHexDigit((char)bytes[at + 2]))
            {
                plain.WriteByte(Convert.FromHexString([(char)bytes[at + 1], (char)bytes[at + 2]])[0]);
                at += 2;
            }
            else
            {
                plain.WriteByte(bytes[at]);
            }
        }

        return plain.ToArray();
    }

    /// <summary>Of every character of Latin-1 its letter, 0 to 25.</summary>
    private static byte[] Folds()
    {
        var folds = new byte[256];
        for (var at = 0; at < folds.Length; at++)
        {
            var letter = char.ToLowerInvariant(((char)at).ToString().Normalize(NormalizationForm.FormD)[0]);
            folds[at] = letter is >= 'a' and <= 'z' ? (byte)(letter - 'a') : byte.MaxValue;
        }

        return folds;
    }

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}")]
    private static partial Regex Escape();

    [GeneratedRegex("&[a-zA-Z]{2,8};")]
    private static partial Regex Entity();

    // A byte written in two digits, or a line that goes on: what has neither is plain.
    [GeneratedRegex("=(?:[0-9A-F]{2}|\\r?\\n)")]
    private static partial Regex QuotedLine();

    [GeneratedRegex("=[ \\t]*\\r?\\n")]
    private static partial Regex SoftBreak();

    [GeneratedRegex("\\r?\\n")]
    private static partial Regex LineEnd();

    [GeneratedRegex("[0-9a-fA-F]{24,}")]
    private static partial Regex HexRuns();

    [GeneratedRegex("[0-9a-zA-Z+/_-]{16,}")]
    private static partial Regex Base64Runs();
}
