namespace Cdr.Rights.Journal;

/// <summary>Instants inside UUIDv7: 48 bits of Unix milliseconds first.</summary>
internal static class UuidV7
{
    private const long LastMillisecond = 253402300799999;

    /// <summary>The smallest id of an instant: a bound for look-ups and partitions.</summary>
    public static Guid Lowest(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = instant.ToUnixTimeMilliseconds();
        for (var place = 5; place >= 0; place--, milliseconds >>= 8)
            bytes[place] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Null when it is not a version 7.</summary>
    public static DateTimeOffset? InstantOf(Guid id)
    {
        if (id.Version != 7)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        foreach (var part in bytes[..6])
            milliseconds = (milliseconds << 8) | part;
        // 48 bits reach past what DateTimeOffset holds.
        return milliseconds <= LastMillisecond ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }
}
