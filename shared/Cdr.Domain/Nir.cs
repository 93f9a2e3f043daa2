using System.Diagnostics;

namespace Cdr.Domain;

/// <summary>
/// Social security number (NIR): 13 characters — sex, year (2), month (2), department (2), commune (3), order (3) —
/// and a key of 2 digits for the kinds that have one.
/// </summary>
/// <remarks>Personal: <see cref="ToString"/> is masked. Only <see cref="Value"/> holds the number.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Nir
{
    internal const int Length = 13;
    internal const int KeyLength = 2;

    internal Nir(string value, NirKind kind)
    {
        Value = value;
        Kind = kind;
        Key = kind is NirKind.Permanent or NirKind.Fictitious ? ComputeKey(value) : null;
    }

    /// <value>13 characters, no separator, A and B in upper case.</value>
    public string Value { get; }

    /// <value>01 to 97; null for provisional and migrant numbers, which have none.</value>
    public string? Key { get; }

    public NirKind Kind { get; }

    /// <value>Department 2A or 2B. False for those born before 1976, whose number says 20.</value>
    public bool IsCorsican => Value[6] is 'A' or 'B';

    /// <value>Sex digit and the last three of the order, to tell candidates of a short list apart: <c>2 •• •• •• ••• 025</c>.</value>
    public string Masked => $"{Value[0]} •• •• •• ••• {Value[10..]}";

    /// <summary>Reads 13 or 15 characters; spaces, dots and dashes do not count, a and b may be in lower case.</summary>
    /// <remarks>
    /// The key of a permanent or fictitious number is computed when left out and checked when given. Provisional and
    /// migrant numbers have no key: two more digits are refused, except the key some software computes all the same,
    /// which is checked and dropped.
    /// </remarks>
    public static Parsed<Nir> Parse(string? text) => NirReading.Read(TypedText.Of(text));

    /// <summary>97 − (N mod 97) on two digits, with 2A read as 19 and 2B as 18.</summary>
    /// <param name="thirteen">13 digits, or A or B after a 2 in seventh place.</param>
    /// <exception cref="ArgumentException">Not 13 such characters.</exception>
    public static string ComputeKey(string thirteen)
    {
        ArgumentNullException.ThrowIfNull(thirteen);
        if (thirteen.Length != Length || thirteen.Where((_, index) => !NirReading.IsAllowed(thirteen, index)).Any())
            throw new ArgumentException("Expected the 13 characters of a number without its key.", nameof(thirteen));

        var remainder = 0;
        for (var index = 0; index < Length; index++)
            remainder = ((remainder * 10) + DigitAt(thirteen, index)) % 97;
        return $"{97 - remainder:00}";
    }

    /// <summary>Masked: <c>2 •• •• •• ••• •••</c>.</summary>
    public override string ToString() => $"{Value[0]} •• •• •• ••• •••";

    private static int DigitAt(string thirteen, int index) => (thirteen[index], index) switch
    {
        ('A', _) => 9,
        ('B', _) => 8,
        // The 2 of 2A and 2B counts as the 1 of 19 and 18.
        (_, 5) when thirteen[6] is 'A' or 'B' => 1,
        var (digit, _) => digit - '0',
    };
}
