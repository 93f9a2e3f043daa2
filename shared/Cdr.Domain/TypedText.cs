using System.Globalization;
using System.Text;

namespace Cdr.Domain;

/// <summary>The characters that count in a text someone typed or pasted, and where each one stood.</summary>
internal sealed class TypedText
{
    // Longer than every format here: the rest of a pasted page is not worth reading.
    private const int Longest = 32;

    private readonly List<int> positions = [];

    private TypedText(string? text)
    {
        var kept = new StringBuilder(Longest);
        for (var at = 0; at < (text?.Length ?? 0) && kept.Length < Longest; at++)
        {
            if (IsSeparator(text![at]))
                continue;
            kept.Append(char.IsAsciiLetterLower(text[at]) ? (char)(text[at] - 'a' + 'A') : text[at]);
            positions.Add(at);
        }

        Characters = kept.ToString();
    }

    /// <value>Without separators, ASCII letters in upper case.</value>
    public string Characters { get; }

    public int Length => Characters.Length;

    public static TypedText Of(string? text) => new(text);

    public int PositionOf(int index) => positions[index];

    /// <summary>Index of the first character that <paramref name="allowed"/> refuses, or -1.</summary>
    public int FirstRefused(Func<string, int, bool> allowed)
    {
        for (var index = 0; index < Length; index++)
            if (!allowed(Characters, index))
                return index;
        return -1;
    }

    // Pasted numbers bring non-breaking spaces, typographic dashes and, from web pages, invisible marks.
    private static bool IsSeparator(char character) =>
        character == '.' || char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
