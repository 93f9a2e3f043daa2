using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cdr.Rights.Tests.Harness;

/// <summary>The forms in which something of a person may be told.</summary>
internal static partial class Told
{
    /// <summary>As it is, spaced as on a card, in hexadecimal, and in base64 wherever it begins in what is encoded.</summary>
    public static IEnumerable<string> Forms(string nir)
    {
        var bytes = Encoding.UTF8.GetBytes(nir);
        yield return nir;
        yield return string.Create(CultureInfo.InvariantCulture, $"{nir[..1]} {nir[1..3]} {nir[3..5]} {nir[5..7]} {nir[7..10]} {nir[10..13]}");
        yield return Convert.ToHexStringLower(bytes);
        for (var before = 0; before < 3; before++)
            yield return Convert.ToBase64String([.. new byte[before], .. bytes])[(before == 0 ? 0 : 4)..16];
    }

    /// <summary>A name in other letters than its own: in hexadecimal, in base64 wherever it begins, as JSON and addresses write accents. Short ones are there by chance.</summary>
    public static IEnumerable<string> Encoded(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length < 7)
            yield break;
        yield return Convert.ToHexStringLower(bytes);
        for (var before = 0; before < 3; before++)
            yield return Convert.ToBase64String([.. new byte[before], .. bytes])[(before == 0 ? 0 : 4)..((before + bytes.Length) / 3 * 4)];
        foreach (var written in (string[])[JsonEncodedText.Encode(name).ToString(), Uri.EscapeDataString(name)])
        {
            if (written != name)
                yield return written;
        }
    }

    /// <summary>As it is, as it is written by hand, in eight digits and in hexadecimal. Eight digits are met by chance in what is encrypted and shown in hexadecimal: not there.</summary>
    public static bool IsDatedIn(string text, string iso)
    {
        var digits = iso.Replace("-", "", StringComparison.Ordinal);
        return ((string[])[iso, $"{iso[8..]}/{iso[5..7]}/{iso[..4]}", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(iso)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(digits))]).Any(form => text.Contains(form, StringComparison.OrdinalIgnoreCase))
            || (text.Contains(digits, StringComparison.Ordinal) && LongHex().Replace(text, " ").Contains(digits, StringComparison.Ordinal));
    }

    [GeneratedRegex("[0-9a-fA-F]{32,}")]
    private static partial Regex LongHex();

    /// <summary>As a whole word: some names are common words of English or French.</summary>
    public static bool IsIn(string text, string name) => Regex.IsMatch(text, $@"(?<![\p{{L}}\p{{N}}-]){Regex.Escape(name)}(?![\p{{L}}\p{{N}}-])", RegexOptions.IgnoreCase);
}
