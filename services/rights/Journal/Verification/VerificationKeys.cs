using System.Security.Cryptography;
using System.Text.Json;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Journal.Verification;

/// <summary>Public keys of the journal, by id: all that a verifier needs.</summary>
internal sealed class VerificationKeys
{
    private readonly Dictionary<int, byte[]> keys;

    private VerificationKeys(Dictionary<int, byte[]> keys) => this.keys = keys;

    public static VerificationKeys Of(KeyRing ring) => new(ring.Signing.ToDictionary(key => (int)key.Id, key =>
    {
        using var own = ECDsa.Create();
        own.ImportPkcs8PrivateKey(key.Key, out _);
        return own.ExportSubjectPublicKeyInfo();
    }));

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    public static VerificationKeys Read(ReadOnlySpan<byte> json)
    {
        var file = JsonSerializer.Deserialize(json, EvidenceFiles.Default.PublicKeyFile) ?? throw new InvalidDataException("The file of public keys is empty.");
        return new VerificationKeys(file.Keys.ToDictionary(key => key.Id, key => key.Key));
    }

    public byte[] ToJson() =>
        JsonSerializer.SerializeToUtf8Bytes(new PublicKeyFile([.. keys.Select(key => new PublicKey(key.Key, key.Value))]), EvidenceFiles.Default.PublicKeyFile);

    /// <summary>For one thread, for a while.</summary>
    public Opened Open() => new(keys);

    /// <summary>Keys ready to verify.</summary>
    internal sealed class Opened(Dictionary<int, byte[]> keys) : IDisposable
    {
        private readonly Dictionary<int, ECDsa> opened = [];

        public bool Fits(int key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
        {
            if (!opened.TryGetValue(key, out var own))
            {
                if (!keys.TryGetValue(key, out var bytes))
                    return false;
                own = ECDsa.Create();
                opened[key] = own;
                own.ImportSubjectPublicKeyInfo(bytes, out _);
            }

            return own.VerifyHash(hash, signature);
        }

        public void Dispose()
        {
            foreach (var key in opened.Values)
                key.Dispose();
        }
    }
}

/// <param name="Keys">All that the journal was ever signed with.</param>
internal sealed record PublicKeyFile(IReadOnlyList<PublicKey> Keys);

/// <param name="Id">As batches name it.</param>
/// <param name="Key">SubjectPublicKeyInfo.</param>
internal sealed record PublicKey(int Id, byte[] Key);
