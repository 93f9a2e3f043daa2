using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>Reads what <see cref="BinaryForm"/> wrote.</summary>
internal ref struct FormReading(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public long Number() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public string Id() => new Guid(Take(16), bigEndian: true).ToString();

    public string Instant() => new DateTime(Number() * 10, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    public string Day() => DateOnly.FromDayNumber((int)Number()).ToString("O", CultureInfo.InvariantCulture);

    public string Text() => Encoding.UTF8.GetString(Take((int)Number()));

    public string Hex() => Number() is var length and >= 0 ? Convert.ToHexStringLower(Take((int)length)) : "";

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
