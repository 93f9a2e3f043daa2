namespace Cdr.Domain;

/// <summary>
/// Rank of birth, 1 to 9. In Cnam it tells twins apart; in every other regime it is the rank in the family (SNDS).
/// </summary>
public sealed record BirthRank
{
    private BirthRank(int value) => Value = value;

    public static BirthRank First { get; } = new(1);

    /// <value>1 to 9.</value>
    public int Value { get; }

    public static Parsed<BirthRank> Create(int value) => value is >= 1 and <= 9
        ? Parsed.Valid(new BirthRank(value))
        : Parsed.Invalid<BirthRank>("birth-rank-impossible", null, "Le rang de naissance va de un à neuf.");

    public static Parsed<BirthRank> Parse(string? text) => text?.Trim() switch
    {
        null or "" => Parsed.Invalid<BirthRank>("birth-rank-missing", null, "Le rang de naissance est à saisir."),
        [>= '0' and <= '9' and var digit] => Create(digit - '0'),
        _ => Create(0),
    };

    public override string ToString() => $"{Value}";
}
