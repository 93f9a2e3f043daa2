namespace Cdr.Domain;

/// <summary>Number of a complementary body: 8 digits. Never stands in for an <see cref="Organism"/>.</summary>
public sealed record ComplementaryBody
{
    private static readonly NumberFormat Format =
        NumberFormat.Digits("complementary-body", "Le numéro d'organisme complémentaire", 8);

    private ComplementaryBody(string value) => Value = value;

    public static ComplementaryBody C2sManagedByCaisse { get; } = new("99999997");

    public static ComplementaryBody C2sManagedSeparately { get; } = new("88888888");

    public static ComplementaryBody Ame { get; } = new("75500017");

    /// <value>8 digits.</value>
    public string Value { get; }

    public ComplementaryBodyKind Kind =>
        this == Ame ? ComplementaryBodyKind.Ame
        : this == C2sManagedByCaisse ? ComplementaryBodyKind.C2sManagedByCaisse
        : this == C2sManagedSeparately ? ComplementaryBodyKind.C2sManagedSeparately
        : ComplementaryBodyKind.Other;

    public static Parsed<ComplementaryBody> Parse(string? text) =>
        Format.Read(TypedText.Of(text)).TryGet(out var value, out var error)
            ? Parsed.Valid(new ComplementaryBody(value))
            : Parsed.Invalid<ComplementaryBody>(error);

    public override string ToString() => Value;
}
