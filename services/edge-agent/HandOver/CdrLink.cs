namespace Cdr.EdgeAgent.HandOver;

/// <summary>
/// <c>cdr:sign-in?browser=KEY</c>: all that a page may say to the agent. No address, no origin, no reader, no PIN: whichever page it comes
/// from, the agent signs in to the platform of its settings, and opens that platform.
/// </summary>
internal static class CdrLink
{
    public const string Scheme = "cdr";
    private const string Start = "cdr:sign-in?browser=";

    // A P-256 key is 91 bytes: 122 characters.
    private const int Longest = 128;

    /// <summary>The browser's key; null for any other link.</summary>
    public static string? Browser(string link) =>
        link.StartsWith(Start, StringComparison.OrdinalIgnoreCase) && link.Length - Start.Length is > 0 and <= Longest && link.AsSpan(Start.Length).IndexOfAnyExcept(Letters) < 0
            ? link[Start.Length..]
            : null;

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
