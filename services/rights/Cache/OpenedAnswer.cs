using System.Buffers;

namespace Cdr.Rights.Cache;

/// <summary>A prepared answer out of its box, for as long as it is copied from: it is the largest thing that a question would make, and is in nobody's hands afterwards. Empty by default.</summary>
internal readonly ref struct OpenedAnswer(int length)
{
    private readonly byte[]? rented = ArrayPool<byte>.Shared.Rent(length);

    public Span<byte> Room => rented.AsSpan(0, length);

    public ReadOnlySpan<byte> Bytes => Room;

    /// <summary>Nothing of it is left to who is lent the room next.</summary>
    public void Dispose()
    {
        if (rented is null)
            return;
        Room.Clear();
        ArrayPool<byte>.Shared.Return(rented);
    }
}
