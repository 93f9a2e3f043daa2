namespace Cdr.Rights.Cache;

/// <summary>
/// What was done in the shared state beside something else, for what follows within the same question: the cache library reads before its
/// lock, takes it, and reads after it, each a round trip that a clerk would wait for.
/// </summary>
internal sealed class ReadAhead
{
    private static readonly AsyncLocal<ReadAhead?> Current = new();
    private readonly string key;
    private Task<byte[]?>? value;
    private byte[]? taken;

    private ReadAhead(string key, Task<byte[]?> value, byte[]? taken) => (this.key, this.value, this.taken) = (key, value, taken);

    /// <summary>What was just read under the key, and the mark of its lock where that was taken in the same step, for what runs from here.</summary>
    public static void Begin(string key, byte[]? value, byte[]? taken) => Current.Value = new ReadAhead(key, Task.FromResult(value), taken);

    /// <summary>A later read of the same key, within what runs since <see cref="Begin"/>.</summary>
    public static void Put(string key, Task<byte[]?> value)
    {
        if (Current.Value is { } ahead && ahead.key == key)
            Volatile.Write(ref ahead.value, value);
    }

    /// <summary>Once: the mark of the lock that is held already; null where it has to be taken. What was read then is what stands.</summary>
    public static byte[]? TakeLock(string key)
    {
        if (Current.Value is not { } ahead || ahead.key != key || Interlocked.Exchange(ref ahead.taken, null) is not { } mark)
            return null;
        Volatile.Write(ref ahead.value, Task.FromResult<byte[]?>(null));
        return mark;
    }

    /// <summary>Once: null where the key has to be read.</summary>
    public static Task<byte[]?>? Take(string key) => Current.Value is { } ahead && ahead.key == key ? Interlocked.Exchange(ref ahead.value, null) : null;
}
