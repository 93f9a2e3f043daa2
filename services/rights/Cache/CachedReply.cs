using System.Text.Json.Serialization;
using Cdr.Rights.Regimes;
using ZiggyCreatures.Caching.Fusion.Internals;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace Cdr.Rights.Cache;

/// <summary>A regime's reply as it is kept.</summary>
/// <param name="Key">The key it was kept under: checked on read, since the serializer never sees it and two swapped values would be believed.</param>
/// <param name="Reply">The reply, with the instant at which the regime said it.</param>
/// <param name="Regime">The regime, for the same reason.</param>
/// <param name="Asked">When the regime was asked: of two replies the one asked for later knows more, whichever came first.</param>
internal sealed record CachedReply(string Key, string Regime, RegimeReply Reply, DateTimeOffset Asked)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(CachedReply);
}

/// <summary>The envelope that FusionCache keeps, around ours.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(AsText.OfNir), typeof(AsText.OfBirthDate), typeof(AsText.OfBirthRank), typeof(AsText.OfQuality),
        typeof(AsText.OfOrganism), typeof(AsText.OfPeriod), typeof(AsText.OfExemption), typeof(AsText.OfModulation),
        typeof(AsText.OfSituation), typeof(AsText.OfComplementaryBody), typeof(AsText.OfWorkAccident),
        typeof(AsText.OfRpps), typeof(AsText.OfRegimeId),
    ])]
[JsonSerializable(typeof(FusionCacheDistributedEntry<CachedReply>))]
[JsonSerializable(typeof(FusionCacheEntryMetadata))]
internal sealed partial class CacheJson : JsonSerializerContext;
