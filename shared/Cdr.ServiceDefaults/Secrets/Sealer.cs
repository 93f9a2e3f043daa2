using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>
/// AES-256-GCM: version (1), key id (2), nonce (12), data, tag (16); bound to a purpose and a record, so that no ciphertext is good
/// in another's place. Nonces are random: a key seals at most 2^32 values, then it is rotated.
/// </summary>
public sealed class Sealer(KeyRing keys)
{
    private const byte Version = 1;
    private const int Header = 15;
    private const int Tag = 16;

    // Setting up a key costs half as much as sealing a kilobyte. A cipher is of one thread at a time.
    [ThreadStatic]
    private static (byte[] Key, AesGcm Cipher) recent;

    /// <summary>Bytes that sealing adds.</summary>
    public const int Overhead = Header + Tag;

    /// <summary>Seals.</summary>
    /// <param name="purpose">Which kind of value: <c>journal</c>, <c>cache</c>.</param>
    /// <param name="record">Which one: its id or key.</param>
    /// <param name="plain">What to seal.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> record, ReadOnlySpan<byte> plain)
    {
        var box = new byte[Overhead + plain.Length];
        box[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(box.AsSpan(1), keys.ActiveData);
        Nonce(box.AsSpan(3, 12));
        Span<byte> bound = stackalloc byte[256];
        Cipher(keys.Data(keys.ActiveData)!).Encrypt(box.AsSpan(3, 12), plain, box.AsSpan(Header, plain.Length), box.AsSpan(box.Length - Tag), Bind(bound, purpose, record));
        return box;
    }

    /// <summary>Opens; false when the key is gone, or anything was changed, or it was sealed for another purpose or record.</summary>
    public bool TryOpen(string purpose, ReadOnlySpan<byte> record, ReadOnlySpan<byte> box, out byte[] plain)
    {
        var opened = box.Length < Overhead ? [] : new byte[box.Length - Overhead];
        var isOpen = TryOpen(purpose, record, box, opened);
        plain = isOpen ? opened : [];
        return isOpen;
    }

    /// <summary>The same, where the caller has room: <see cref="Overhead"/> bytes less than the box has. Nothing is left in it where it does not open.</summary>
    public bool TryOpen(string purpose, ReadOnlySpan<byte> record, ReadOnlySpan<byte> box, Span<byte> plain)
    {
        if (box.Length < Overhead || box[0] != Version || keys.Data(BinaryPrimitives.ReadUInt16BigEndian(box[1..])) is not { } key)
            return false;
        Span<byte> bound = stackalloc byte[256];
        try
        {
            Cipher(key).Decrypt(box.Slice(3, 12), box[Header..^Tag], box[^Tag..], plain, Bind(bound, purpose, record));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    // The system is asked for randomness once for many nonces. No byte is used twice.
    private const int NoncesAtOnce = 64;

    [ThreadStatic]
    private static byte[]? random;

    [ThreadStatic]
    private static int randomUsed;

    private static void Nonce(Span<byte> nonce)
    {
        if (random is null || randomUsed + nonce.Length > random.Length)
        {
            random ??= new byte[NoncesAtOnce * 12];
            // Whatever fails here, no byte of before is used again, nor one that was never filled.
            randomUsed = random.Length;
            RandomNumberGenerator.Fill(random);
            randomUsed = 0;
        }

        random.AsSpan(randomUsed, nonce.Length).CopyTo(nonce);
        randomUsed += nonce.Length;
    }

    private static AesGcm Cipher(byte[] key)
    {
        // The ring gives the same array for the same key, for as long as the process lives.
        if (ReferenceEquals(recent.Key, key))
            return recent.Cipher;
        recent.Cipher?.Dispose();
        recent = (key, new AesGcm(key, Tag));
        return recent.Cipher;
    }

    private static ReadOnlySpan<byte> Bind(Span<byte> into, string purpose, ReadOnlySpan<byte> record)
    {
        // Length first: « ab » + « c » and « a » + « bc » must differ.
        var length = Encoding.UTF8.GetBytes(purpose, into[1..]);
        into[0] = checked((byte)length);
        record.CopyTo(into[(1 + length)..]);
        return into[..(1 + length + record.Length)];
    }
}
