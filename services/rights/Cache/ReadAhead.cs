namespace Cdr.Rights.Cache;

/// <summary>
/// A read of the shared state that was made beside something else, for the next read of that key within the same question: the cache
/// library reads before its lock and after it, each a round trip that a clerk would wait for.
/// </summary>
internal sealed class ReadAhead
{
    private static readonly AsyncLocal<ReadAhead?> Current = new();
    private readonly string key;
    private Task<byte[]?>? value;

    private ReadAhead(string key, Task<byte[]?> value) => (this.key, this.value) = (key, value);

    /// <summary>What was just read under the key, for what runs from here.</summary>
    public static void Begin(string key, byte[]? value) => Current.Value = new ReadAhead(key, Task.FromResult(value));

    /// <summary>A later read of the same key, within what runs since <see cref="Begin"/>.</summary>
    public static void Put(string key, Task<byte[]?> value)
    {
        if (Current.Value is { } ahead && ahead.key == key)
            Volatile.Write(ref ahead.value, value);
    }

    /// <summary>Once: null where the key has to be read.</summary>
    public static Task<byte[]?>? Take(string key) => Current.Value is { } ahead && ahead.key == key ? Interlocked.Exchange(ref ahead.value, null) : null;
}
