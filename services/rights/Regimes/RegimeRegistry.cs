using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>The regimes that may answer, from a file: adding one of a known protocol touches nothing else.</summary>
internal sealed class RegimeRegistry
{
    private readonly FrozenDictionary<RegimeId, RegimeRow> byId;

    private RegimeRegistry(RegistryFile file, string digest)
    {
        (Version, Digest) = (file.Version, digest);
        Rows = [.. file.Regimes];
        byId = Rows.ToFrozenDictionary(row => row.Id);
    }

    /// <value>Of the data, for answers that tell by what they were made.</value>
    public string Version { get; }

    /// <value>Of every byte of the file: what was made with another registry is told apart.</value>
    public string Digest { get; }

    /// <value>In the order of the file.</value>
    public IReadOnlyList<RegimeRow> Rows { get; }

    /// <returns>Null when the registry has no such regime.</returns>
    public RegimeRow? Find(RegimeId id) => byId.GetValueOrDefault(id);

    /// <exception cref="InvalidDataException">Missing, not JSON, or wrong: the message says where and lists every fault.</exception>
    public static RegimeRegistry Load(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (IOException missing)
        {
            throw new InvalidDataException($"The registry of regimes cannot be read: {path}.", missing);
        }

        return Read(content, path);
    }

    /// <exception cref="InvalidDataException">As <see cref="Load"/>.</exception>
    internal static RegimeRegistry Read(ReadOnlySpan<byte> content, string name)
    {
        RegistryFile file;
        try
        {
            file = JsonSerializer.Deserialize(content, RegimeJson.Default.RegistryFile)
                ?? throw new JsonException("The file is null.");
        }
        catch (JsonException wrong)
        {
            // Nobody's data is in this file: the serializer's words, path included, are what the operator needs.
            throw new InvalidDataException($"The registry of regimes {name} is wrong: {wrong.Message}", wrong);
        }

        var faults = RegistryFaults.Of(file).ToList();
        return faults.Count == 0
            ? new RegimeRegistry(file, Convert.ToHexStringLower(SHA256.HashData(content)))
            : throw new InvalidDataException($"The registry of regimes {name} is wrong: {string.Join(" ", faults)}");
    }
}

/// <summary>The file.</summary>
internal sealed record RegistryFile(string Version, IReadOnlyList<RegimeRow> Regimes);
