using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using ZiggyCreatures.Caching.Fusion;

namespace Cdr.Rights.Cache;

internal static class CacheRegistration
{
    public static IServiceCollection AddReplyCache(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SealedSerializer(provider.GetRequiredKeyedService<Sealer>("Rights")));
        services.AddSingleton<IFusionCache>(provider =>
        {
            var cache = new FusionCache(
                new FusionCacheOptions
                {
                    CacheName = "rights",
                    // Tags and Clear would read two more keys a question.
                    DisableTagging = true,
                    DistributedCacheCircuitBreakerDuration = TimeSpan.FromSeconds(1),
                    // A value that changed late is asked again; a queue of late writes would only outlive its use.
                    EnableAutoRecovery = false,
                    // ReplyCache reads fresh values under its own key.
                    DistributedCacheKeyModifierMode = CacheKeyModifierMode.None,
                },
                new MemoryCache(new MemoryCacheOptions()),
                // FusionCache logs keys; ours are keyed hashes, but there is nothing to learn from them either.
                NullLogger<FusionCache>.Instance,
                new KeyLocker());
            var shared = provider.GetRequiredService<ISharedState>();
            cache.SetupDistributedCache(new SharedStateCache(shared), provider.GetRequiredService<SealedSerializer>());
            cache.SetupDistributedLocker(new SharedStateLocker(shared, provider.GetRequiredService<TimeProvider>()));
            return cache;
        });
        return services.AddSingleton<ReplyEviction>().AddSingleton<ReplyCache>();
    }
}
