using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cdr.Rights.Journal;

/// <summary>The bytes that are hashed: numbers big-endian on eight bytes, what varies in length after its length.</summary>
internal ref struct BinaryForm(Span<byte> start)
{
    private Span<byte> bytes = start;
    private int length;

    public readonly ReadOnlySpan<byte> Written => bytes[..length];

    public void Clear() => length = 0;

    public void Add(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(Room(8), number);
        length += 8;
    }

    public void Add(Guid id)
    {
        id.TryWriteBytes(Room(16), bigEndian: true, out _);
        length += 16;
    }

    public void Add(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Add(count);
        Encoding.UTF8.GetBytes(text, Room(count));
        length += count;
    }

    public void Add(byte[]? value)
    {
        Add(value?.Length ?? -1);
        if (value is not null)
            AddRaw(value);
    }

    /// <summary>Without a length before it.</summary>
    public void AddRaw(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        length += value.Length;
    }

    public readonly byte[] Hash() => SHA256.HashData(bytes[..length]);

    private Span<byte> Room(int size)
    {
        if (length + size > bytes.Length)
        {
            var longer = new byte[Math.Max(bytes.Length * 2, length + size)];
            bytes[..length].CopyTo(longer);
            bytes = longer;
        }

        return bytes.Slice(length, size);
    }
}
