namespace Cdr.Domain;

/// <summary>
/// The body that manages a person's rights: régime (2 digits), caisse (3 digits), centre (4 characters).
/// </summary>
/// <remarks>The régime code does not identify a regime: several share 01. See <see cref="RegimeId"/>.</remarks>
public sealed record Organism
{
    private const int CentreStart = 5;

    private static readonly NumberFormat Format = new("organism", "Le code de l'organisme", 9, static (text, index) =>
        char.IsAsciiDigit(text[index]) || (index >= CentreStart && char.IsAsciiLetterUpper(text[index])));

    private Organism(string value) => Value = value;

    /// <value>9 characters without separator.</value>
    public string Value { get; }

    /// <value>2 digits.</value>
    public string RegimeCode => Value[..2];

    /// <value>3 digits.</value>
    public string Caisse => Value[2..CentreStart];

    /// <value>4 digits or letters.</value>
    public string Centre => Value[CentreStart..];

    public static Parsed<Organism> Parse(string? text) =>
        Format.Read(TypedText.Of(text)).TryGet(out var value, out var error)
            ? Parsed.Valid(new Organism(value))
            : Parsed.Invalid<Organism>(error);

    /// <summary>As a clerk reads it: <c>01 751 0000</c>.</summary>
    public override string ToString() => $"{RegimeCode} {Caisse} {Centre}";
}
