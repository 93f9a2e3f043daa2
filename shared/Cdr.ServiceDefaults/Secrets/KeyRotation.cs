using System.Security.Cryptography;
using System.Text.Json;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>Which keys of a ring.</summary>
public enum KeyKind
{
    /// <summary>AES-256: what is sealed.</summary>
    Data,

    /// <summary>HMAC-SHA-256: how people are looked up.</summary>
    Pseudonym,

    /// <summary>P-256: what is signed.</summary>
    Signing,
}

/// <summary>
/// Changes the keys of a ring in two steps, with a restart of every replica after each: a key is known to all before any uses it. Nothing ever
/// takes a key out: whatever was made with it would open no more.
/// </summary>
public static class KeyRotation
{
    /// <summary>Ids in the order of the file: the last is the active one.</summary>
    /// <exception cref="InvalidDataException">No such file, or no ring: the message holds no key.</exception>
    public static IReadOnlyDictionary<KeyKind, IReadOnlyList<ushort>> Ids(string path)
    {
        var file = Read(path);
        return Enum.GetValues<KeyKind>().ToDictionary(kind => kind, kind => (IReadOnlyList<ushort>)[.. file.Of(kind).Select(key => key.Id)]);
    }

    /// <summary>The first step: a new key that is known and not used yet.</summary>
    /// <returns>Its id: one more than the highest of its kind.</returns>
    /// <exception cref="InvalidDataException">As <see cref="Ids"/>; or an earlier key waits to be used.</exception>
    public static ushort Add(string path, KeyKind kind, bool isDry = false)
    {
        ushort id = 0;
        Rewrite(path, isDry, file =>
        {
            var keys = file.Of(kind);
            var highest = keys.Max(key => key.Id);
            // Active is the highest, unless a first step was made and the second was not.
            if (keys[^1].Id != highest)
                throw new InvalidDataException($"{path}: {Name(kind)} key {highest} was added and is not used yet. Use it first, once every replica was restarted.");
            if (highest == ushort.MaxValue)
                throw new InvalidDataException($"{path}: there is no higher id than {highest}.");
            var added = new KeyRing.KeyEntry(id = (ushort)(highest + 1), Convert.ToBase64String(Fresh(kind)));
            return file.With(kind, [added, .. keys]);
        });
        return id;
    }

    /// <summary>The second step: the key with the highest id, which the first step put at the beginning, becomes the active one.</summary>
    /// <returns>Its id; null: it is the active one already, and nothing is written.</returns>
    /// <exception cref="InvalidDataException">As <see cref="Ids"/>; or the ring was changed by another hand, and which key is new is not known.</exception>
    public static ushort? Use(string path, KeyKind kind, bool isDry = false)
    {
        ushort? id = null;
        Rewrite(path, isDry, file =>
        {
            var keys = file.Of(kind);
            var newest = keys.MaxBy(key => key.Id)!;
            if (keys[^1] == newest)
                return null;
            if (keys[0] != newest)
                throw new InvalidDataException($"{path}: {Name(kind)} key {newest.Id} has the highest id and is neither the first nor the last: it was changed by another hand. Its order is put right there.");
            id = newest.Id;
            return file.With(kind, [.. keys.Where(key => key != newest), newest]);
        });
        return id;
    }

    private static void Rewrite(string path, bool isDry, Func<KeyRing.KeyFile, KeyRing.KeyFile?> change)
    {
        if (isDry)
        {
            change(Read(path));
            return;
        }

        try
        {
            SecretFile.Rewrite(path, content =>
            {
                if (change(Parse(path, content)) is not { } changed)
                    return null;
                var bytes = JsonSerializer.SerializeToUtf8Bytes(changed, JsonSerializerOptions.Web);
                // Never a file that the next start refuses.
                _ = Parse(path, bytes);
                return bytes;
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read or written ({e.GetType().Name}).");
        }
    }

    private static KeyRing.KeyFile Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read ({e.GetType().Name}).");
        }
    }

    /// <summary>Read as a service reads it: what would stop its start is no ring.</summary>
    private static KeyRing.KeyFile Parse(string path, byte[] content)
    {
        try
        {
            return KeyRing.Parse(content, path).File;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            // By its kind alone: what a parser says may quote a key.
            throw new InvalidDataException($"{path} is no key ring ({e.GetType().Name}).");
        }
    }

    private static byte[] Fresh(KeyKind kind)
    {
        if (kind != KeyKind.Signing)
            return RandomNumberGenerator.GetBytes(32);
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return signing.ExportPkcs8PrivateKey();
    }

    private static string Name(KeyKind kind) => kind.ToString().ToLowerInvariant();
}
