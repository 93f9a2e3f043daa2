namespace Cdr.Domain;

/// <summary>
/// Number of a health establishment, either its legal entity or one of its sites: 9 characters, the last one a Luhn key.
/// </summary>
public sealed record Finess
{
    private static readonly NumberFormat Format = new("finess", "Le numéro FINESS", 9, static (text, index) =>
        char.IsAsciiDigit(text[index]) || (index == 1 && text[0] == '2' && text[1] is 'A' or 'B'));

    private Finess(string value, Department department)
    {
        Value = value;
        Department = department;
    }

    /// <value>9 characters; Corsica as 2A00… and 2B00….</value>
    public string Value { get; }

    public Department Department { get; }

    /// <remarks>
    /// The all-digit spelling of a Corsican number (2001…, 2002…) is the same establishment and becomes 2A00…, 2B00….
    /// A number outside the 101 departments is refused: without one there is no time zone, so no "today".
    /// </remarks>
    public static Parsed<Finess> Parse(string? text)
    {
        var typed = TypedText.Of(text);
        if (!Format.ReadWithLuhnKey(typed, ToDigits).TryGet(out var read, out var error))
            return Parsed.Invalid<Finess>(error);

        var value = WithCorsicanLetter(read);
        return Department.Parse(DepartmentCode(value)).TryGet(out var department, out _)
            ? Parsed.Valid(new Finess(value, department))
            : Parsed.Invalid<Finess>("finess-department-unknown", typed.PositionOf(0),
                "Le début du numéro FINESS ne désigne aucun département.");
    }

    /// <summary>The number itself: an establishment is not a person.</summary>
    public override string ToString() => Value;

    // Luhn holds on Corsican numbers only after this conversion.
    private static string ToDigits(string value) => value[..2] switch
    {
        "2A" => $"2001{value[4..]}",
        "2B" => $"2002{value[4..]}",
        _ => value,
    };

    private static string WithCorsicanLetter(string value) => value[..4] switch
    {
        "2001" => $"2A00{value[4..]}",
        "2002" => $"2B00{value[4..]}",
        _ => value,
    };

    // Overseas: 97 and the fourth character. Mayotte is 976 everywhere but here, where it is 98 (SNDS).
    private static string DepartmentCode(string value) => value[..2] switch
    {
        "97" => value[3] is >= '1' and <= '4' ? $"97{value[3]}" : "97",
        "98" => "976",
        // Only 2A00 and 2B00 are known to exist, and the key is proved for them only.
        "2A" or "2B" when value[2..4] != "00" => "20",
        var code => code,
    };
}
