using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cdr.Sessions.Cards;

/// <summary>A certificate's serial number in 20 bytes, the most that RFC 5280 allows: hundreds of thousands of them fit in a few megabytes.</summary>
internal readonly record struct SerialNumber(ulong High, ulong Middle, uint Low)
{
    private const int Longest = 20;

    public static SerialNumber Of(ReadOnlySpan<byte> number)
    {
        // A positive number whose first bit is set has a zero before it.
        number = number.TrimStart((byte)0);
        Span<byte> padded = stackalloc byte[Longest];
        // Longer ones exist, against the rule; their hash stands for them.
        if (number.Length > Longest)
            number = SHA256.HashData(number).AsSpan(0, Longest);

        number.CopyTo(padded[(Longest - number.Length)..]);
        return new SerialNumber(BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]), BinaryPrimitives.ReadUInt32BigEndian(padded[16..]));
    }

    public static SerialNumber Of(string hexadecimal) => Of(Convert.FromHexString(hexadecimal));
}
