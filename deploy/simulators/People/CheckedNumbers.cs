using System.Globalization;

namespace Cdr.RegimeSimulator.People;

/// <summary>Numbers that end with a Luhn key: physicians' (RPPS) and work accidents'.</summary>
internal static class CheckedNumbers
{
    /// <summary>11 digits; numbers in use start with 10 or 8.</summary>
    public static string Rpps(int number) => WithKey($"19{number % 100_000_000:00000000}");

    /// <summary>9 digits.</summary>
    public static string WorkAccident(int number) => WithKey($"{number % 100_000_000:00000000}");

    private static string WithKey(string digits)
    {
        var sum = 0;
        for (var index = 0; index < digits.Length; index++)
        {
            var digit = digits[digits.Length - 1 - index] - '0';
            sum += index % 2 != 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return digits + ((10 - (sum % 10)) % 10).ToString(CultureInfo.InvariantCulture);
    }
}
