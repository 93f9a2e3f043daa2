using System.Globalization;
using System.Security.Cryptography;

namespace Cdr.Support.Tickets;

/// <summary>Nine digits, said in three groups: eight by chance, so that nobody finds the next one's, and a Luhn key, so that one misheard is known as such.</summary>
internal static class TicketNumber
{
    private const int Length = 9;

    public static string Make()
    {
        var body = RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture);
        return body + Key(body);
    }

    /// <summary>As a person types it: spaces, dots and dashes do not count. Null: misheard.</summary>
    public static string? Read(string? said)
    {
        var digits = string.Concat((said ?? "").Where(one => one is not (' ' or '.' or '-' or '\u00a0' or '\u202f')));
        return digits.Length == Length && digits.All(char.IsAsciiDigit) && Key(digits[..^1]) == digits[^1] ? digits : null;
    }

    private static char Key(string body)
    {
        var sum = 0;
        for (var at = 0; at < body.Length; at++)
        {
            var digit = body[body.Length - 1 - at] - '0';
            sum += at % 2 == 1 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }

        return (char)('0' + (10 - sum % 10) % 10);
    }
}
