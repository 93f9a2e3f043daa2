using Cdr.ServiceDefaults.SharedState;
using ZiggyCreatures.Caching.Fusion.Locking.Distributed;

namespace Cdr.Rights.Cache;

/// <summary>
/// One regime call across processes. The lock is a courtesy to the regimes, not a promise: when the shared state is silent or the
/// holder takes too long, the question goes on without it.
/// </summary>
internal sealed class SharedStateLocker(ISharedState shared, TimeProvider clock) : IFusionCacheDistributedLocker
{
    /// <value>A holder that dies leaves its lock for at most this long: longer than any regime's timeout.</value>
    public static readonly TimeSpan Held = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(15);

    /// <summary>The lock of what is kept under the key.</summary>
    public static string NameOf(string key) => key + ":asking";

    /// <summary>Gives it back, if it is held with this mark; otherwise it expires by itself.</summary>
    public static async Task UnlockAsync(ISharedState shared, string key, byte[] mark, CancellationToken cancellationToken)
    {
        try
        {
            await shared.RemoveAsync(NameOf(key), mark, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // It expires by itself.
        }
    }

    public async ValueTask<object?> AcquireLockAsync(
        string cacheName, string cacheInstanceId, string operationId, string key, string lockName, TimeSpan timeout, ILogger? logger, CancellationToken token)
    {
        if (ReadAhead.TakeLock(key) is { } taken)
            return taken;
        var mark = Guid.CreateVersion7(clock.GetUtcNow()).ToByteArray();
        var until = clock.GetUtcNow() + timeout;
        try
        {
            while (true)
            {
                // One behind the other on one connection: what is read is what stands once the lock is held.
                var added = shared.TryAddAsync(NameOf(key), mark, Held, token);
                var read = shared.GetAsync(key, token);
                if (await added)
                {
                    ReadAhead.Put(key, read);
                    return mark;
                }

                if (clock.GetUtcNow() >= until)
                    return null;
                await Task.Delay(Poll, clock, token);
            }
        }
        catch (SharedStateUnavailableException)
        {
            // It may have been taken, and the word of it be late.
            _ = UnlockAsync(shared, key, mark, CancellationToken.None);
            return null;
        }
    }

    public async ValueTask ReleaseLockAsync(
        string cacheName, string cacheInstanceId, string operationId, string key, string lockName, object? lockObj, ILogger? logger, CancellationToken token)
    {
        if (lockObj is byte[] mark)
            await UnlockAsync(shared, key, mark, token);
    }

    public object? AcquireLock(
        string cacheName, string cacheInstanceId, string operationId, string key, string lockName, TimeSpan timeout, ILogger? logger, CancellationToken token) =>
        throw new NotSupportedException("The cache is only used asynchronously.");

    public void ReleaseLock(
        string cacheName, string cacheInstanceId, string operationId, string key, string lockName, object? lockObj, ILogger? logger, CancellationToken token) =>
        throw new NotSupportedException("The cache is only used asynchronously.");
}
