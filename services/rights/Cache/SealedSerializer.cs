using System.Text.Json;
using Cdr.ServiceDefaults.Secrets;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace Cdr.Rights.Cache;

/// <summary>What leaves for the shared cache is encrypted. A value that does not open is refused, and the regime asked again.</summary>
internal sealed class SealedSerializer(Sealer sealer) : IFusionCacheSerializer
{
    private const string Purpose = "cache";

    public byte[] Serialize<T>(T? obj) =>
        sealer.Seal(Purpose, [], JsonSerializer.SerializeToUtf8Bytes(obj, CacheJson.Default.GetTypeInfo(typeof(T))!));

    public T? Deserialize<T>(byte[] data) =>
        sealer.TryOpen(Purpose, [], KeptBox.Reply(data), out var plain)
            ? (T?)JsonSerializer.Deserialize(plain, CacheJson.Default.GetTypeInfo(typeof(T))!)
            : throw new InvalidDataException("A cached value did not open.");

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => ValueTask.FromResult(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => ValueTask.FromResult(Deserialize<T>(data));
}
