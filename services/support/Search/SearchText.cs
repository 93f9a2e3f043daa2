using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cdr.Support.Search;

/// <summary>
/// The words of a text that can be looked for: folded, without their plural. Whatever has a digit is left out, and so are addresses:
/// neither a NIR, however it is spaced, nor a date, nor an e-mail address ever becomes a word. Pure.
/// </summary>
internal static partial class SearchText
{
    private const int Shortest = 3;
    private const int Longest = 40;

    // The most frequent ones tell nothing apart, and their numbers would be known by how often they stand there.
    private static readonly HashSet<string> Empty =
    [
        .. "les des une dans pour par sur avec sans sous est sont ete etre avoir avons avez ont que qui quoi dont mais donc car pas plus moins tres tout tous toute cette ces son ses mes nos vos leur nous vous ils elles elle lui aux bonjour merci cordialement madame monsieur mme mlle depuis encore aussi comme quand fait faire peut"
            .Split(' ').Select(Stem),
    ];

    public static IReadOnlySet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in Word().Matches(Fold(Address().Replace(text, " "))).Select(match => match.Value))
        {
            if (word.Length is < Shortest or > Longest || word.Any(char.IsAsciiDigit))
                continue;
            var stem = Stem(word);
            if (!Empty.Contains(stem))
                words.Add(stem);
        }

        return words;
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var one in text.ToLowerInvariant().Replace("œ", "oe", StringComparison.Ordinal).Replace("æ", "ae", StringComparison.Ordinal).Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(one) != UnicodeCategory.NonSpacingMark)
                folded.Append(one);
        }

        return folded.ToString();
    }

    // « fermées » and « fermé », « cartes » and « carte »: enough for what clerks write.
    private static string Stem(string word)
    {
        var end = word.Length;
        if (end > Shortest && word[end - 1] is 's' or 'x')
            end--;
        while (end > Shortest && word[end - 1] == 'e')
            end--;
        return word[..end];
    }

    [GeneratedRegex(@"\S*@\S*|https?://\S*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    // Digits are of a word, so that a word with one is known as such.
    [GeneratedRegex(@"[\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
