using System.Buffers.Text;
using Cdr.Rights.Batches;

namespace Cdr.Rights.Features.DownloadBatch;

/// <summary>
/// The lines of a file whose end the caller has, as the caller sends it back: one bit a line. Not an instant: a line that another process
/// ended a moment before, and wrote a moment after, would never be given.
/// </summary>
internal readonly struct GivenLines
{
    private const int Bytes = (BatchOptions.MostLines + 7) / 8;

    private readonly byte[] bits;

    private GivenLines(byte[] bits) => this.bits = bits;

    /// <param name="text">What <see cref="ToString"/> gave; null for none.</param>
    /// <param name="given">The lines.</param>
    public static bool TryRead(string? text, out GivenLines given)
    {
        var bits = new byte[Bytes];
        given = new GivenLines(bits);
        return text is null || (Base64Url.IsValid(text, out var length) && length == Bytes && Base64Url.TryDecodeFromChars(text, bits, out _));
    }

    public bool Has(int line) => (bits[(line - 1) / 8] & Bit(line)) != 0;

    public void Add(int line) => bits[(line - 1) / 8] |= Bit(line);

    public override string ToString() => Base64Url.EncodeToString(bits);

    private static byte Bit(int line) => (byte)(1 << ((line - 1) % 8));
}
