using ZiggyCreatures.Caching.Fusion.Locking;

namespace Cdr.Rights.Cache;

/// <summary>
/// One at a time a key, within this process. The cache library's own keeps a semaphore for five minutes after each new key: over a hundred
/// megabytes on a working day, and objects that the collector carries along. Here a key is forgotten when the last one leaves it.
/// </summary>
internal sealed class KeyLocker : IFusionCacheMemoryLocker
{
    private readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Keys that somebody holds or waits for.</summary>
    public int Keys
    {
        get
        {
            lock (gate)
                return turns.Count;
        }
    }

    /// <returns>What <see cref="ReleaseLock"/> takes back; null where it was not to be had in time.</returns>
    public async ValueTask<object?> AcquireLockAsync(
        string cacheName, string cacheInstanceId, string operationId, string key, TimeSpan timeout, ILogger? logger, CancellationToken token)
    {
        var turn = Join(key);
        var mine = false;
        try
        {
            mine = await turn.WaitAsync(timeout, token);
            return mine ? turn : null;
        }
        finally
        {
            if (!mine)
                Leave(key, turn);
        }
    }

    public void ReleaseLock(string cacheName, string cacheInstanceId, string operationId, string key, object? lockObj, ILogger? logger)
    {
        if (lockObj is not Turn turn)
            return;
        turn.Release();
        Leave(key, turn);
    }

    public object? AcquireLock(
        string cacheName, string cacheInstanceId, string operationId, string key, TimeSpan timeout, ILogger? logger, CancellationToken token) =>
        throw new NotSupportedException("The cache is only used asynchronously.");

    public void Dispose()
    {
        // Whoever holds a turn gives it back, and nothing else is held.
    }

    private Turn Join(string key)
    {
        lock (gate)
        {
            if (!turns.TryGetValue(key, out var turn))
                turns.Add(key, turn = new Turn());
            turn.Here++;
            return turn;
        }
    }

    private void Leave(string key, Turn turn)
    {
        lock (gate)
        {
            if (--turn.Here > 0)
                return;
            turns.Remove(key);
        }

        turn.Dispose();
    }

    private sealed class Turn() : SemaphoreSlim(1, 1)
    {
        /// <summary>Who holds it or waits for it.</summary>
        public int Here { get; set; }
    }
}
