namespace Cdr.Domain.Tests;

internal static class LuhnKeys
{
    /// <summary>Written otherwise than in the domain, so that one checks the other.</summary>
    public static string Append(string digits)
    {
        const string Doubled = "0246813579";
        var sum = digits.Reverse().Select((digit, index) => index % 2 == 0 ? Doubled[digit - '0'] - '0' : digit - '0').Sum();
        return $"{digits}{(10 - (sum % 10)) % 10}";
    }
}
