namespace Cdr.Domain;

/// <summary>
/// What identifies a regime, e.g. <c>ccas-ratp</c>. Only well-formed: which regimes exist is data.
/// </summary>
public sealed record RegimeId
{
    private const int Longest = 40;

    private RegimeId(string value) => Value = value;

    /// <value>Kebab-case: ASCII lower case letters and digits, single dashes between them; 40 characters at most.</value>
    public string Value { get; }

    /// <remarks>As strict as an id of data: neither case nor spaces are put right.</remarks>
    public static Parsed<RegimeId> Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Parsed.Invalid<RegimeId>("regime-id-missing", null, "L'identifiant du régime est à préciser.");
        if (text.Length > Longest)
            return Parsed.Invalid<RegimeId>("regime-id-length", null, "L'identifiant du régime est trop long.");

        for (var index = 0; index < text.Length; index++)
            if (!IsAllowed(text, index))
                return Parsed.Invalid<RegimeId>("regime-id-character", index,
                    "L'identifiant du régime ne comporte que des minuscules, des chiffres et des tirets isolés.");
        return Parsed.Valid(new RegimeId(text));
    }

    public override string ToString() => Value;

    private static bool IsAllowed(string text, int index) =>
        char.IsAsciiLetterLower(text[index]) || char.IsAsciiDigit(text[index])
        || (text[index] == '-' && index > 0 && index < text.Length - 1 && text[index - 1] != '-');
}
