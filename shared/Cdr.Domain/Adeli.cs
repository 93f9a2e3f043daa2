using System.Diagnostics;

namespace Cdr.Domain;

/// <summary>Older number of a health professional (ADELI): 9 characters, the department first; no key is checked.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Adeli
{
    // The department may be Corsican (2A, 2B) or one of the overseas letters (9A to 9F).
    private static readonly NumberFormat Format = new("adeli", "Le numéro ADELI", 9, static (text, index) =>
        char.IsAsciiDigit(text[index])
        || (index == 1 && (text[0], text[1]) is ('2', 'A' or 'B') or ('9', >= 'A' and <= 'F')));

    private Adeli(string value) => Value = value;

    /// <value>9 characters, letters in upper case.</value>
    public string Value { get; }

    public static Parsed<Adeli> Parse(string? text) =>
        Format.Read(TypedText.Of(text)).TryGet(out var value, out var error)
            ? Parsed.Valid(new Adeli(value))
            : Parsed.Invalid<Adeli>(error);

    /// <summary>Masked but for the last three digits.</summary>
    public override string ToString() => $"••••••{Value[^3..]}";
}
