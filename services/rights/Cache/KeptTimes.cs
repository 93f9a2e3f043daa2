using Cdr.Rights.Regimes;
using ZiggyCreatures.Caching.Fusion;

namespace Cdr.Rights.Cache;

/// <summary>How long what a regime said is kept, and how it is waited for: each regime's own row of the registry.</summary>
internal static class KeptTimes
{
    // With what a regime may take at most, within the question's deadline.
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(2);

    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>
    /// Until when what was said at that instant is fresh, and may be relied upon: for the lifetime of such an answer, and never past the day
    /// in Paris on which it was said, which is as long as any regime allows. Null when it is not kept.
    /// </summary>
    public static DateTimeOffset? EndOf(RegimeRow regime, RegimeAnswer answer, DateTimeOffset at)
    {
        TimeSpan? lifetime = answer switch
        {
            RegimeAnswer.Found or RegimeAnswer.Moved => regime.Cache.Found,
            RegimeAnswer.Unknown or RegimeAnswer.BeneficiaryUnknown or RegimeAnswer.Candidates => regime.Cache.Unknown,
            _ => null,
        };
        var midnight = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Paris).DateTime).AddDays(1).ToDateTime(TimeOnly.MinValue);
        var dayEnds = new DateTimeOffset(midnight, Paris.GetUtcOffset(midnight)).ToUniversalTime();
        return at + lifetime is { } end && end > dayEnds ? dayEnds : at + lifetime;
    }

    /// <summary>
    /// For what is stored now. Only rights are of use when stale: that a person was unknown here yesterday proves nothing, and is not kept.
    /// </summary>
    public static FusionCacheEntryOptions For(FusionCacheEntryOptions options, RegimeAnswer answer, TimeSpan left)
    {
        if (answer is not (RegimeAnswer.Found or RegimeAnswer.Moved))
            options.SetFailSafe(false);
        return options.SetDuration(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public static FusionCacheEntryOptions Options(RegimeRow regime) => new()
    {
        Duration = regime.Cache.Found,
        SkipMemoryCacheRead = true,
        SkipMemoryCacheWrite = true,
        IsFailSafeEnabled = true,
        FailSafeMaxDuration = regime.Cache.Stale,
        DistributedCacheFailSafeMaxDuration = regime.Cache.Stale,
        FailSafeThrottleDuration = TimeSpan.FromSeconds(2),
        // Who waits for another's call in vain still has the time for a call of its own.
        LockTimeout = LockWait,
        DistributedLockTimeout = LockWait,
        AllowBackgroundDistributedCacheOperations = false,
        // A value that does not open (its key is gone) is no value: the regime is asked.
        ReThrowSerializationExceptions = false,
    };
}
