using System.Globalization;
using System.Text;

namespace Cdr.Support.Knowledge;

/// <summary>Words of a text as they are looked for: small, without accents, at least two letters or digits. The same in both stores and on both sides.</summary>
internal static class SearchWords
{
    private const int MostWords = 24;

    // Of French, folded, and of every ticket: they find everything.
    private static readonly HashSet<string> Common =
    [
        "au", "aux", "avec", "bonjour", "ce", "ces", "cela", "cette", "comment", "dans", "de", "depuis", "des", "du", "elle", "en", "est", "et", "faire", "fait", "il", "ils", "je", "la", "le", "les", "leur", "lui", "ma", "mais", "me", "merci",
        "mes", "mon", "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "peut", "plus", "pour", "pouvez", "puis", "quand", "que", "quel", "quelle", "qui", "quoi", "sa", "sans", "se", "ses", "si", "son", "sont", "sur", "ta", "te",
        "tout", "tres", "tu", "un", "une", "vos", "votre", "vous",
    ];

    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var one in text.Replace("œ", "oe", StringComparison.OrdinalIgnoreCase).Replace("æ", "ae", StringComparison.OrdinalIgnoreCase).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(one) != UnicodeCategory.NonSpacingMark)
                folded.Append(char.IsLetterOrDigit(one) ? char.ToLowerInvariant(one) : ' ');
        }

        return folded.ToString();
    }

    /// <summary>Each once, without the common ones; ASCII, so that they mean nothing in a query but themselves.</summary>
    public static IReadOnlyList<string> Of(string? text) =>
        [.. Fold(text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length is >= 2 and <= 40 && word.All(char.IsAsciiLetterOrDigit) && !Common.Contains(word)).Distinct().Take(MostWords)];
}
