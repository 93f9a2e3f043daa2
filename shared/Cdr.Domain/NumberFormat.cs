namespace Cdr.Domain;

/// <summary>A number of fixed length, whose first characters may be letters where the format says so.</summary>
/// <param name="CodePrefix">Start of the error codes, e.g. <c>rpps</c>.</param>
/// <param name="Name">Subject of the French sentences, e.g. "Le numéro RPPS".</param>
/// <param name="Length">In characters, separators left out.</param>
/// <param name="Allowed">Whether a character may stand at a zero-based index.</param>
internal sealed record NumberFormat(string CodePrefix, string Name, int Length, Func<string, int, bool> Allowed)
{
    public static NumberFormat Digits(string codePrefix, string name, int length) =>
        new(codePrefix, name, length, static (text, index) => char.IsAsciiDigit(text[index]));

    /// <summary>The canonical text: separators left out, letters in upper case.</summary>
    public Parsed<string> Read(TypedText typed)
    {
        if (typed.Length == 0)
            return Parsed.Invalid<string>($"{CodePrefix}-missing", null, $"{Name} est à saisir.");

        var refused = typed.FirstRefused(Allowed);
        if (refused >= 0)
            return Parsed.Invalid<string>(
                $"{CodePrefix}-character", typed.PositionOf(refused), $"{Name} contient un caractère qui ne peut pas y figurer.");

        return typed.Length == Length
            ? Parsed.Valid(typed.Characters)
            : Parsed.Invalid<string>($"{CodePrefix}-length", null, $"{Name} doit compter {Length} caractères.");
    }

    /// <summary>As <see cref="Read"/>, then checks that <paramref name="digits"/> of the text end with their Luhn key.</summary>
    public Parsed<string> ReadWithLuhnKey(TypedText typed, Func<string, string>? digits = null)
    {
        var read = Read(typed);
        return !read.IsValid || Luhn.Holds(digits?.Invoke(read.Value) ?? read.Value)
            ? read
            : Parsed.Invalid<string>(
                $"{CodePrefix}-key-wrong",
                typed.PositionOf(typed.Length - 1),
                $"{Name} comporte une erreur de saisie : son dernier chiffre ne correspond pas aux précédents.");
    }
}
