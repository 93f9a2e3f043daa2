namespace Cdr.ServiceDefaults.SharedState;

/// <summary>
/// Small values that all processes see, and that may vanish at any moment: Redis, or the process's memory when embedded. Every call
/// throws <see cref="SharedStateUnavailableException"/>, fast, when Redis is silent.
/// </summary>
public interface ISharedState
{
    /// <summary>The value; null when absent or expired.</summary>
    Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Two values in one round trip.</summary>
    Task<(byte[]? First, byte[]? Second)> GetTwoAsync(string first, string second, CancellationToken cancellationToken);

    /// <summary>Two values; where the second is absent and its lock is free, the lock is taken with this mark: in one step and one round trip.</summary>
    Task<(byte[]? First, byte[]? Second, bool Locked)> GetTwoOrLockAsync(
        string first, string second, string lockOfSecond, byte[] mark, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Which of them are there, in one round trip.</summary>
    Task<IReadOnlyList<bool>> ExistAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Sets a value for a time.</summary>
    Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Sets it only where there is none; true when it was set.</summary>
    Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>
    /// Raises numbers behind a mark, each in one step and all in one round trip: « 17 » with the marks 1, 2 and the number 9 becomes « 19 », and
    /// so does « 27 »: the first of them is what it bears from then on. A mark alone counts as zero. What is absent, bears another mark or a number as high stays as it is.
    /// </summary>
    Task<IReadOnlyList<Raised>> RaiseAsync(IReadOnlyList<(string Key, long Number)> numbers, string marks, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Sets another value, until the same end, only where it is still <paramref name="expected"/>.</summary>
    Task ReplaceAsync(string key, byte[] expected, byte[] value, CancellationToken cancellationToken);

    /// <summary>Removes it; where <paramref name="expected"/> is given, only if it is still that value.</summary>
    Task RemoveAsync(string key, byte[]? expected, CancellationToken cancellationToken);

    /// <summary>Adds to the set under the key, which then lives at least so long.</summary>
    Task AddToSetAsync(string key, string member, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>The set's members; none when there is no such set.</summary>
    Task<IReadOnlyList<string>> ReadSetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes these members from the set; what was added since stays.</summary>
    Task RemoveFromSetAsync(string key, IReadOnlyCollection<string> members, CancellationToken cancellationToken);

    /// <summary>Adds to the end of the list under the key, which then lives at least so long.</summary>
    Task AddToListAsync(string key, string text, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>What the list has from a place on, and the place to read from next. All of it where it has become shorter: it vanished, and began again.</summary>
    Task<(IReadOnlyList<string> Texts, long Next)> ReadListAsync(string key, long from, CancellationToken cancellationToken);
}

/// <summary>What became of <see cref="ISharedState.RaiseAsync"/>.</summary>
public enum Raised
{
    /// <summary>Raised.</summary>
    Yes,

    /// <summary>The number that was there is as high, or higher.</summary>
    NotHigher,

    /// <summary>Another mark was there.</summary>
    OtherMark,

    /// <summary>Nothing was there.</summary>
    Absent,
}

/// <summary>Redis did not answer.</summary>
public sealed class SharedStateUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public SharedStateUnavailableException()
        : base("The shared state did not answer.")
    {
    }

    /// <summary>With a reason.</summary>
    public SharedStateUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public SharedStateUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
