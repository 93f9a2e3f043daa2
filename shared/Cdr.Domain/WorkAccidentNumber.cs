using System.Diagnostics;

namespace Cdr.Domain;

/// <summary>Number of a declared work accident or occupational disease (AT/MP): 8 digits and a Luhn key (SFG).</summary>
/// <remarks>Personal: it is listed for the clerk, never applied by the platform.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record WorkAccidentNumber
{
    private static readonly NumberFormat Format =
        NumberFormat.Digits("work-accident-number", "Le numéro d'accident du travail ou de maladie professionnelle", 9);

    private WorkAccidentNumber(string value) => Value = value;

    /// <value>9 digits, the key last.</value>
    public string Value { get; }

    public static Parsed<WorkAccidentNumber> Parse(string? text) =>
        Format.ReadWithLuhnKey(TypedText.Of(text)).TryGet(out var value, out var error)
            ? Parsed.Valid(new WorkAccidentNumber(value))
            : Parsed.Invalid<WorkAccidentNumber>(error);

    /// <summary>Masked.</summary>
    public override string ToString() => "•••••••••";
}
