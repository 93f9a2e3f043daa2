using System.Diagnostics;

namespace Cdr.Domain;

/// <summary>National number of a health professional (RPPS): 11 digits, the last one a Luhn key.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Rpps
{
    private static readonly NumberFormat Format = NumberFormat.Digits("rpps", "Le numéro RPPS", 11);

    private Rpps(string value) => Value = value;

    /// <value>11 digits.</value>
    public string Value { get; }

    public static Parsed<Rpps> Parse(string? text) =>
        Format.ReadWithLuhnKey(TypedText.Of(text)).TryGet(out var value, out var error)
            ? Parsed.Valid(new Rpps(value))
            : Parsed.Invalid<Rpps>(error);

    /// <summary>Masked but for the last three digits.</summary>
    public override string ToString() => $"••••••••{Value[^3..]}";
}
