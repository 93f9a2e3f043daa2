using System.Security.Cryptography;
using System.Text;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>Keyed hashes of persons: a plain hash of a NIR is reversed by trying every NIR.</summary>
public sealed class Pseudonyms(KeyRing keys)
{
    /// <summary>Bytes of a pseudonym.</summary>
    public const int Length = 32;

    /// <summary>Id of the key that new pseudonyms are made with.</summary>
    public ushort ActiveKey => keys.Pseudonym[^1].Id;

    /// <summary>32 bytes under the active key.</summary>
    /// <param name="purpose">Pseudonyms of two purposes cannot be joined.</param>
    /// <param name="text">Canonical text of what is hashed.</param>
    public byte[] Of(string purpose, ReadOnlySpan<char> text) => Of(keys.Pseudonym[^1], purpose, text);

    /// <summary>The same, where the caller has room for it.</summary>
    /// <param name="purpose">Pseudonyms of two purposes cannot be joined.</param>
    /// <param name="text">Canonical text of what is hashed.</param>
    /// <param name="pseudonym">Receives it: <see cref="Length"/> bytes.</param>
    public void Of(string purpose, ReadOnlySpan<char> text, Span<byte> pseudonym) => Write(keys.Pseudonym[^1], purpose, text, pseudonym);

    /// <summary>One a live key, the active one last: look-ups try each.</summary>
    public IEnumerable<(ushort Key, byte[] Pseudonym)> AllOf(string purpose, string text) =>
        keys.Pseudonym.Select(key => (key.Id, Of(key, purpose, text)));

    // Setting up a key costs more than hashing a name. A hash is of one thread at a time.
    [ThreadStatic]
    private static (byte[] Key, IncrementalHash Hash) recent;

    private static IncrementalHash Hash(byte[] key)
    {
        // The ring gives the same array for the same key, for as long as the process lives.
        if (ReferenceEquals(recent.Key, key))
            return recent.Hash;
        recent.Hash?.Dispose();
        recent = (key, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));
        return recent.Hash;
    }

    private static byte[] Of(IdentifiedKey key, string purpose, ReadOnlySpan<char> text)
    {
        var pseudonym = new byte[Length];
        Write(key, purpose, text, pseudonym);
        return pseudonym;
    }

    private static void Write(IdentifiedKey key, string purpose, ReadOnlySpan<char> text, Span<byte> pseudonym)
    {
        var length = Encoding.UTF8.GetMaxByteCount(purpose.Length + 1 + text.Length);
        Span<byte> bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        var written = Encoding.UTF8.GetBytes(purpose, bytes);
        bytes[written++] = 0;
        written += Encoding.UTF8.GetBytes(text, bytes[written..]);
        var hash = Hash(key.Key);
        hash.AppendData(bytes[..written]);
        hash.GetHashAndReset(pseudonym);
    }
}
