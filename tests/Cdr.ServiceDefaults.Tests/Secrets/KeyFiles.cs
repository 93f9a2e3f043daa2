using System.Security.Cryptography;
using System.Text.Json;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;

namespace Cdr.ServiceDefaults.Tests.Secrets;

/// <summary>Rings of a test's choice.</summary>
internal sealed class KeyFiles : IDisposable
{
    private readonly TestFolder folder = new("keys");
    private readonly Dictionary<int, string> keys = [];
    private int next;

    public string NewPath() => folder.File(Interlocked.Increment(ref next) + ".json");

    /// <summary>A ring of these data and pseudonym keys, the last of each active. One id is one key in every ring.</summary>
    public KeyRing Ring(int[] data, int[] pseudonym)
    {
        var path = NewPath();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var content = new
        {
            data = data.Select(id => new { id, key = Key(id) }),
            pseudonym = pseudonym.Select(id => new { id, key = Key(1000 + id) }),
            signing = new[] { new { id = 1, key = Convert.ToBase64String(signing.ExportPkcs8PrivateKey()) } },
        };
        File.WriteAllText(path, JsonSerializer.Serialize(content));
        return KeyRing.Load(path, createMissing: false);
    }

    public void Dispose() => folder.Dispose();

    private string Key(int id)
    {
        if (!keys.TryGetValue(id, out var key))
            keys[id] = key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        return key;
    }
}
