using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Support.Mail.Inbox;

/// <summary>
/// The address that a message is answered to: it names the row of that message, and proves that we gave it. Letters and digits of one case, since
/// servers on the way fold them.
/// </summary>
internal sealed class ReplyAddress([FromKeyedServices(SupportModule.StoreName)] Pseudonyms keyed)
{
    private const string Purpose = "mail-reply";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Mac = 10;

    /// <value>Of a token: 26 bytes, five bits a character.</value>
    public const int Length = 42;

    public string Of(string inbox, Guid mail)
    {
        var at = inbox.IndexOf('@', StringComparison.Ordinal);
        return $"{inbox[..at]}+{Encode([.. mail.ToByteArray(bigEndian: true), .. keyed.Of(Purpose, mail.ToString()).AsSpan(0, Mac)])}{inbox[at..]}";
    }

    /// <summary>Null: not one of ours.</summary>
    public Guid? Read(string token)
    {
        if (Decode(token) is not { } bytes)
            return null;
        var mail = new Guid(bytes.AsSpan(0, 16), bigEndian: true);
        return keyed.AllOf(Purpose, mail.ToString()).Any(one => CryptographicOperations.FixedTimeEquals(one.Pseudonym.AsSpan(0, Mac), bytes.AsSpan(16))) ? mail : null;
    }

    /// <summary>What stands between « + » and « @ », where that is an address of the inbox; null elsewhere.</summary>
    public static string? TokenOf(string inbox, string address)
    {
        var at = inbox.IndexOf('@', StringComparison.Ordinal);
        var isOurs = address.Length == inbox.Length + 1 + Length && address.StartsWith(inbox[..at] + "+", StringComparison.OrdinalIgnoreCase) && address.EndsWith(inbox[at..], StringComparison.OrdinalIgnoreCase);
        return isOurs ? address.Substring(at + 1, Length).ToLowerInvariant() : null;
    }

    private static string Encode(byte[] bytes)
    {
        var text = new char[Length];
        for (var one = 0; one < Length; one++)
        {
            var value = 0;
            for (var bit = one * 5; bit < one * 5 + 5; bit++)
                value = value << 1 | (bit < bytes.Length * 8 ? bytes[bit / 8] >> 7 - bit % 8 & 1 : 0);
            text[one] = Alphabet[value];
        }

        return new string(text);
    }

    private static byte[]? Decode(string text)
    {
        if (text.Length != Length)
            return null;
        var bytes = new byte[16 + Mac];
        for (var one = 0; one < Length; one++)
        {
            var value = Alphabet.IndexOf(text[one], StringComparison.Ordinal);
            if (value < 0)
                return null;
            for (var bit = 0; bit < 5 && one * 5 + bit < bytes.Length * 8; bit++)
                bytes[(one * 5 + bit) / 8] |= (byte)((value >> 4 - bit & 1) << 7 - (one * 5 + bit) % 8);
        }

        return bytes;
    }
}
