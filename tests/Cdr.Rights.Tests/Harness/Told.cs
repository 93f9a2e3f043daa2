using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cdr.Rights.Tests.Harness;

/// <summary>The forms in which something of a person may be told.</summary>
internal static class Told
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

    public static IEnumerable<string> Dates(string iso) => [iso, iso.Replace("-", "", StringComparison.Ordinal), $"{iso[8..]}/{iso[5..7]}/{iso[..4]}"];

    /// <summary>As a whole word: some names are common words of English or French.</summary>
    public static bool IsIn(string text, string name) => Regex.IsMatch(text, $@"(?<![\p{{L}}\p{{N}}-]){Regex.Escape(name)}(?![\p{{L}}\p{{N}}-])", RegexOptions.IgnoreCase);
}
