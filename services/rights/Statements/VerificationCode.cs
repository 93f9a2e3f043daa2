namespace Cdr.Rights.Statements;

/// <summary>
/// What a statement is verified by: 24 drawn letters (120 bits) and one that checks them, in Crockford's alphabet, which has no I, L, O, U.
/// The check is over GF(32): any one letter that is changed, and any two that are swapped, are noticed. It is no secret: whoever forges a
/// code makes its check too.
/// </summary>
internal sealed record VerificationCode
{
    public const int Drawn = 24;
    public const int Length = Drawn + 1;
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int Group = 5;

    // With hyphens, spaces and an accidental blank or two. What is longer is no code.
    private const int LongestTyped = 100;

    private VerificationCode(string letters) => Letters = letters;

    /// <value>The 25 letters, together.</value>
    public string Letters { get; }

    /// <summary>Of 120 bits.</summary>
    public static VerificationCode Of(ReadOnlySpan<byte> bits)
    {
        Span<char> letters = stackalloc char[Length];
        var check = 0;
        for (var i = 0; i < Drawn; i++)
        {
            var value = 0;
            for (var bit = i * 5; bit < i * 5 + 5; bit++)
                value = value << 1 | bits[bit / 8] >> 7 - bit % 8 & 1;
            letters[i] = Alphabet[value];
            check = Next(check, value);
        }

        letters[Drawn] = Alphabet[Next(check, 0)];
        return new VerificationCode(new string(letters));
    }

    /// <summary>As a person types it: any case, spaces and hyphens anywhere, O for 0, I and L for 1. Null when it is none.</summary>
    public static VerificationCode? Read(string? typed)
    {
        if (typed is null or { Length: > LongestTyped })
            return null;
        Span<char> letters = stackalloc char[Length];
        var (read, check) = (0, 0);
        foreach (var character in typed)
        {
            if (char.IsWhiteSpace(character) || character is '-' or '‐' or '‑' or '–' or '—')
                continue;
            var letter = char.ToUpperInvariant(character) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0 || read == Length)
                return null;
            letters[read++] = letter;
            check = Next(check, value);
        }

        return read == Length && check == 0 ? new VerificationCode(new string(letters)) : null;
    }

    /// <summary>As it is printed: five letters, a hyphen, five letters…</summary>
    public override string ToString() => string.Join('-', Letters.Chunk(Group).Select(letters => new string(letters)));

    // Multiplied by x, a generator, modulo x⁵ + x² + 1: of the code's letters no two weigh alike, since 25 < 31.
    private static int Next(int check, int value)
    {
        var shifted = check << 1;
        return ((shifted & 0b100000) == 0 ? shifted : shifted ^ 0b100101) ^ value;
    }
}
