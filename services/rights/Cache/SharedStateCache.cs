using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.Caching.Distributed;

namespace Cdr.Rights.Cache;

/// <summary>The platform's shared state, as FusionCache wants to see it: one GET, one SET. There is no sliding expiry and no synchronous call.</summary>
internal sealed class SharedStateCache(ISharedState shared) : IDistributedCache
{
    private const string NoWait = "The cache is only used asynchronously.";

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => ReadAhead.Take(key) ?? shared.GetAsync(key, token);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        // FusionCache gives an instant, by the machine's clock.
        var lifetime = options.AbsoluteExpirationRelativeToNow ?? options.AbsoluteExpiration - TimeProvider.System.GetUtcNow()
            ?? throw new ArgumentException("An end is expected.", nameof(options));
        return lifetime > TimeSpan.Zero ? shared.SetAsync(key, value, lifetime, token) : Task.CompletedTask;
    }

    public Task RemoveAsync(string key, CancellationToken token = default) => shared.RemoveAsync(key, null, token);

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public byte[]? Get(string key) => throw new NotSupportedException(NoWait);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException(NoWait);

    public void Remove(string key) => throw new NotSupportedException(NoWait);

    public void Refresh(string key) => throw new NotSupportedException(NoWait);
}
