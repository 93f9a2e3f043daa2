using System.Security.Cryptography;
using System.Text.Json;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>
/// A service's keys, from one file: data keys (AES-256), pseudonym keys (HMAC-SHA-256, apart from data keys) and signing keys (P-256).
/// The last of each list is the active one; the others still open, look up and verify.
/// </summary>
public sealed class KeyRing
{
    private readonly Dictionary<ushort, byte[]> data;

    private KeyRing(KeyFile file)
    {
        if (file is not { Data.Length: > 0, Pseudonym.Length: > 0, Signing.Length: > 0 })
            throw new InvalidOperationException("A key file needs at least one data key, one pseudonym key and one signing key.");
        if (file.Data.Concat(file.Pseudonym).Concat(file.Signing).Any(one => one?.Key is null))
            throw new InvalidOperationException("A key file has a key without its bytes.");
        data = file.Data.ToDictionary(k => k.Id, k => Bytes(k, 32));
        ActiveData = file.Data[^1].Id;
        Pseudonym = [.. file.Pseudonym.Select(k => new IdentifiedKey(k.Id, Bytes(k, 32)))];
        Signing = [.. file.Signing.Select(k => new IdentifiedKey(k.Id, Bytes(k, null)))];
    }

    /// <summary>Id of the key that seals.</summary>
    public ushort ActiveData { get; }

    /// <summary>All live pseudonym keys, the active one last: look-ups try each.</summary>
    public IReadOnlyList<IdentifiedKey> Pseudonym { get; }

    /// <summary>Signing keys (PKCS#8), the active one last.</summary>
    public IReadOnlyList<IdentifiedKey> Signing { get; }

    /// <summary>A data key by id; null when it is not on the ring.</summary>
    public byte[]? Data(ushort id) => data.GetValueOrDefault(id);

    /// <summary>Reads the file; where <paramref name="createMissing"/> (embedded only), makes one readable by its owner alone.</summary>
    public static KeyRing Load(string path, bool createMissing)
    {
        if (!File.Exists(path))
        {
            if (!createMissing)
                throw new InvalidOperationException($"The key file {path} does not exist.");
            TryCreate(path);
        }

        return Parse(File.ReadAllBytes(path), path).Ring;
    }

    /// <exception cref="InvalidOperationException">It lacks a key, or has one of another length.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static (KeyRing Ring, KeyFile File) Parse(ReadOnlySpan<byte> content, string path)
    {
        var file = JsonSerializer.Deserialize<KeyFile>(content, JsonSerializerOptions.Web) ?? throw new InvalidOperationException($"The key file {path} is empty.");
        return (new KeyRing(file), file);
    }

    /// <summary>Makes a new ring of one key each. Where there is one, it is left as it is.</summary>
    /// <exception cref="IOException">There is one.</exception>
    public static void Create(string path)
    {
        if (!TryCreate(path))
            throw new IOException($"The key file {path} exists.");
    }

    private static bool TryCreate(string path)
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = new KeyFile(
            [new KeyEntry(1, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))],
            [new KeyEntry(1, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))],
            [new KeyEntry(1, Convert.ToBase64String(signing.ExportPkcs8PrivateKey()))]);
        return SecretFile.TryCreate(path, JsonSerializer.SerializeToUtf8Bytes(file, JsonSerializerOptions.Web));
    }

    private static byte[] Bytes(KeyEntry entry, int? length)
    {
        var bytes = Convert.FromBase64String(entry.Key);
        return length is null || bytes.Length == length ? bytes : throw new InvalidOperationException($"Key {entry.Id} must be {length} bytes.");
    }

    internal sealed record KeyFile(KeyEntry[]? Data, KeyEntry[]? Pseudonym, KeyEntry[]? Signing)
    {
        public KeyEntry[] Of(KeyKind kind) => (kind switch { KeyKind.Data => Data, KeyKind.Pseudonym => Pseudonym, _ => Signing })!;

        public KeyFile With(KeyKind kind, KeyEntry[] keys) => kind switch { KeyKind.Data => this with { Data = keys }, KeyKind.Pseudonym => this with { Pseudonym = keys }, _ => this with { Signing = keys } };
    }

    internal sealed record KeyEntry(ushort Id, string Key)
    {
        /// <summary>Masked.</summary>
        public override string ToString() => $"key {Id}";
    }
}

/// <summary>A key and its id.</summary>
public sealed record IdentifiedKey(ushort Id, byte[] Key)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"key {Id}";
}
