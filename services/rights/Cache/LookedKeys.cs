namespace Cdr.Rights.Cache;

/// <summary>
/// Which keys this process looked at lately: a second look mostly finds something, a first one mostly does not. A guess, of some 65,000
/// keys at most: where it is wrong a question costs one round trip more, or Redis some microseconds.
/// </summary>
internal sealed class LookedKeys
{
    private readonly int[] hashes = new int[1 << 16];

    /// <summary>Whether it was looked at before; it is from now on.</summary>
    public bool Again(string key)
    {
        var hash = key.GetHashCode(StringComparison.Ordinal);
        return Interlocked.Exchange(ref hashes[hash & (hashes.Length - 1)], hash) == hash;
    }
}
