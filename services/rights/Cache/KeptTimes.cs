using Cdr.Rights.Regimes;
using ZiggyCreatures.Caching.Fusion;

namespace Cdr.Rights.Cache;

/// <summary>How long what a regime said is kept, and how it is waited for: each regime's own row of the registry.</summary>
internal static class KeptTimes
{
    // With what a regime may take at most, within the question's deadline.
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(2);

    /// <summary>How long such an answer is kept; null when never.</summary>
    public static TimeSpan? Of(RegimeRow regime, RegimeAnswer answer) => answer switch
    {
        RegimeAnswer.Found or RegimeAnswer.Moved => regime.Cache.Found,
        RegimeAnswer.Unknown or RegimeAnswer.BeneficiaryUnknown or RegimeAnswer.Candidates => regime.Cache.Unknown,
        _ => null,
    };

    /// <summary>Only rights are of use when stale: that a person was unknown here yesterday proves nothing, and is not kept.</summary>
    public static FusionCacheEntryOptions For(FusionCacheEntryOptions options, RegimeAnswer answer, TimeSpan lifetime)
    {
        if (answer is not (RegimeAnswer.Found or RegimeAnswer.Moved))
            options.SetFailSafe(false);
        return options.SetDuration(lifetime);
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
