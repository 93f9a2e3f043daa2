namespace Cdr.Domain;

/// <summary>The check of ISO/IEC 7812: FINESS, RPPS and AT/MP numbers end with its key.</summary>
internal static class Luhn
{
    /// <param name="digits">ASCII digits only, the key last.</param>
    public static bool Holds(string digits)
    {
        var sum = 0;
        for (var index = 0; index < digits.Length; index++)
        {
            var digit = digits[digits.Length - 1 - index] - '0';
            sum += index % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}
