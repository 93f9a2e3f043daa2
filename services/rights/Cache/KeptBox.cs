using System.Buffers.Binary;

namespace Cdr.Rights.Cache;

/// <summary>What was found where a regime may be asked next. Goes to <see cref="ReplyCache.GetAsync"/> or to <see cref="ReplyCache.LeaveAsync"/>.</summary>
/// <param name="Box">Null where nothing is kept, or nobody can say.</param>
/// <param name="Lock">Its mark, where the lock was taken with the look; null where it was not.</param>
internal sealed record Look(KeptBox? Box, byte[]? Lock)
{
    public static readonly Look Nothing = new(null, null);
}

/// <summary>
/// What is kept under a key: a sealed reply, alone or followed by a sealed prepared answer that was made of it. Together, so that
/// whatever takes the reply away, or puts another in its place, takes the answer too.
/// </summary>
/// <remarks>With an answer: 2 (1), length of the reply's box (4), the two boxes. A sealed box alone begins with 1.</remarks>
internal sealed class KeptBox(string key, byte[] value)
{
    private const byte Two = 2;
    private const int Header = 5;

    public string Key => key;

    public byte[] Value => value;

    /// <summary>Once its reply was read and is fresh: the reply, and its end in ticks of the machine's clock.</summary>
    public (KeptReply Kept, long End)? Fresh { get; set; }

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Prepared => value is [Two, ..] ? value.AsSpan(Header + Length(value)) : [];

    public static ReadOnlySpan<byte> Reply(ReadOnlySpan<byte> value) => value is [Two, ..] ? value.Slice(Header, Length(value)) : value;

    public static byte[] Join(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> prepared)
    {
        var value = new byte[Header + reply.Length + prepared.Length];
        value[0] = Two;
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), reply.Length);
        reply.CopyTo(value.AsSpan(Header));
        prepared.CopyTo(value.AsSpan(Header + reply.Length));
        return value;
    }

    private static int Length(ReadOnlySpan<byte> value) =>
        value.Length > Header && BinaryPrimitives.ReadInt32BigEndian(value[1..]) is var length && length >= 16 && length <= value.Length - Header
            ? length
            : throw new InvalidDataException("A kept value has another form.");
}
