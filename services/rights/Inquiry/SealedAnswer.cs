using System.IO.Compression;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Inquiry;

/// <summary>The exact bytes of an answer, compressed then encrypted, bound to their record.</summary>
internal sealed class SealedAnswer([FromKeyedServices("Rights")] Sealer sealer)
{
    private const string Purpose = "journal";
    // Measured: 1 costs twice the time of 0 for a tenth less bytes.
    private const int Quality = 0;
    private const int Window = 16;

    public byte[] Seal(Guid record, ReadOnlySpan<byte> body)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        if (!BrotliEncoder.TryCompress(body, compressed, out var length, Quality, Window))
            throw new InvalidOperationException("An answer could not be compressed.");
        Span<byte> id = stackalloc byte[16];
        record.TryWriteBytes(id, bigEndian: true, out _);
        return sealer.Seal(Purpose, id, compressed.AsSpan(0, length));
    }

    /// <exception cref="InvalidDataException">It was changed, or its key is gone.</exception>
    public byte[] Open(Guid record, ReadOnlySpan<byte> payload)
    {
        Span<byte> id = stackalloc byte[16];
        record.TryWriteBytes(id, bigEndian: true, out _);
        if (!sealer.TryOpen(Purpose, id, payload, out var compressed))
            throw new InvalidDataException("A journaled answer did not open.");
        using var stream = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var body = new MemoryStream();
        stream.CopyTo(body);
        return body.ToArray();
    }
}
