using System.Buffers.Binary;
using System.IO.Compression;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Inquiry;

/// <summary>Bytes of an answer that are put into its text: what differs between two answers made of the same reply.</summary>
/// <param name="Place">Where in the text, in bytes; inserts follow each other by place.</param>
/// <param name="Bytes">255 at most.</param>
internal readonly record struct Insert(int Place, byte[] Bytes)
{
    /// <summary>The text with its inserts.</summary>
    public static byte[] All(ReadOnlySpan<byte> text, ReadOnlySpan<Insert> inserts)
    {
        var length = text.Length;
        foreach (var insert in inserts)
            length += insert.Bytes.Length;
        var whole = new byte[length];
        var (read, written) = (0, 0);
        foreach (var insert in inserts)
        {
            text[read..insert.Place].CopyTo(whole.AsSpan(written));
            written += insert.Place - read;
            insert.Bytes.CopyTo(whole.AsSpan(written));
            written += insert.Bytes.Length;
            read = insert.Place;
        }

        text[read..].CopyTo(whole.AsSpan(written));
        return whole;
    }
}

/// <summary>
/// The exact bytes of an answer and, after them, what they were derived from: compressed together, then encrypted, bound to their record.
/// </summary>
/// <remarks>
/// Plain form: <see cref="Form"/> (1), how many inserts (1), each as place (2), length (1) and bytes; then, compressed: the text, the
/// evidence, and the length of the text (4).
/// </remarks>
internal sealed class SealedAnswer([FromKeyedServices("Rights")] Sealer sealer)
{
    /// <summary>For what is compressed once a question. Measured: 1 costs twice the time of 0 for a tenth less bytes.</summary>
    public const int Quick = 0;

    /// <summary>For what is compressed once and journaled often.</summary>
    public const int Small = 6;

    private const string Purpose = "journal";
    private const byte Form = 1;
    private const int Window = 16;

    /// <summary>Compresses the text and its evidence.</summary>
    /// <param name="text">The answer, without its inserts.</param>
    /// <param name="evidence">Null when nothing was derived.</param>
    /// <param name="quality"><see cref="Quick"/> or <see cref="Small"/>.</param>
    public static byte[] Pack(ReadOnlySpan<byte> text, ReadOnlySpan<byte> evidence, int quality)
    {
        var whole = new byte[text.Length + evidence.Length + 4];
        text.CopyTo(whole);
        evidence.CopyTo(whole.AsSpan(text.Length));
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(whole.Length - 4), text.Length);
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(whole.Length)];
        return BrotliEncoder.TryCompress(whole, compressed, out var length, quality, Window)
            ? compressed[..length]
            : throw new InvalidOperationException("An answer could not be compressed.");
    }

    /// <param name="record">Id of the record.</param>
    /// <param name="packed">What <see cref="Pack"/> gave.</param>
    /// <param name="inserts">What the text lacks to be the answer.</param>
    public byte[] Seal(Guid record, ReadOnlySpan<byte> packed, params ReadOnlySpan<Insert> inserts)
    {
        var length = 2 + packed.Length;
        foreach (var insert in inserts)
            length += 3 + insert.Bytes.Length;
        Span<byte> plain = length <= 4096 ? stackalloc byte[length] : new byte[length];
        (plain[0], plain[1]) = (Form, (byte)inserts.Length);
        var rest = plain[2..];
        foreach (var (place, bytes) in inserts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)place));
            rest[2] = checked((byte)bytes.Length);
            bytes.CopyTo(rest[3..]);
            rest = rest[(3 + bytes.Length)..];
        }

        packed.CopyTo(rest);
        Span<byte> id = stackalloc byte[16];
        record.TryWriteBytes(id, bigEndian: true, out _);
        return sealer.Seal(Purpose, id, plain);
    }

    /// <returns>The answer; the evidence is null where there is none.</returns>
    /// <exception cref="InvalidDataException">It was changed, or its key is gone.</exception>
    public (byte[] Body, byte[]? Evidence) Open(Guid record, ReadOnlySpan<byte> payload)
    {
        Span<byte> id = stackalloc byte[16];
        record.TryWriteBytes(id, bigEndian: true, out _);
        if (!sealer.TryOpen(Purpose, id, payload, out var plain))
            throw new InvalidDataException("A journaled answer did not open.");
        if (plain is not [Form, _, ..])
            return OpenFirst(plain);
        var inserts = new Insert[plain[1]];
        var at = 2;
        for (var i = 0; i < inserts.Length; i++)
        {
            var length = plain[at + 2];
            inserts[i] = new Insert(BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(at)), plain[(at + 3)..(at + 3 + length)]);
            at += 3 + length;
        }

        var whole = Unpack(plain, at);
        var text = BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(whole.Length - 4));
        var evidence = whole[text..^4];
        return (Insert.All(whole.AsSpan(0, text), inserts), evidence.Length == 0 ? null : evidence);
    }

    /// <summary>
    /// The first form: all of it compressed, so that it begins with an even byte; the answer, which ends with a brace, or the answer, its
    /// evidence, the length of the answer (4) and 1.
    /// </summary>
    private static (byte[] Body, byte[]? Evidence) OpenFirst(byte[] plain)
    {
        var whole = Unpack(plain, 0);
        if (whole is not [.., 1] || whole.Length < 5)
            return (whole, null);
        var length = BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(whole.Length - 5));
        return (whole[..length], whole[length..^5]);
    }

    private static byte[] Unpack(byte[] plain, int from)
    {
        using var stream = new BrotliStream(new MemoryStream(plain, from, plain.Length - from), CompressionMode.Decompress);
        using var opened = new MemoryStream();
        stream.CopyTo(opened);
        return opened.ToArray();
    }
}
