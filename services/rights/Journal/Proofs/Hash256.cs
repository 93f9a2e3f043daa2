using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>A SHA-256 as a value: millions of them are held and compared while a journal is verified.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Hash256(ulong A, ulong B, ulong C, ulong D)
{
    public const int Size = 32;

    /// <summary>Its bytes, in place.</summary>
    public static Span<byte> Bytes(ref Hash256 hash) => MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref hash, 1));

    /// <summary>Null where these bytes are none: somebody changed them.</summary>
    public static Hash256? From(ReadOnlySpan<byte> bytes) => bytes.Length == Size ? Unsafe.ReadUnaligned<Hash256>(ref MemoryMarshal.GetReference(bytes)) : null;

    public byte[] ToArray()
    {
        var copy = this;
        return Bytes(ref copy).ToArray();
    }

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
