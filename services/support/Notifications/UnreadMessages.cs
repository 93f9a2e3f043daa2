using System.Collections.Concurrent;

namespace Cdr.Support.Notifications;

/// <summary>
/// Messages that this process cannot read. During an update a newer version may have written them: they are left to it for some hours, in
/// nobody's way, and only then set aside.
/// </summary>
internal sealed class UnreadMessages
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> since = new();

    /// <summary>Those that are left for now.</summary>
    public IReadOnlyList<Guid> Left(DateTimeOffset now)
    {
        // Another version told most of them since.
        foreach (var (id, first) in since.Where(one => now - one.Value >= 2 * Patience))
            since.TryRemove(new KeyValuePair<Guid, DateTimeOffset>(id, first));
        return [.. since.Where(one => now - one.Value < Patience).Select(one => one.Key)];
    }

    /// <summary>Whether one was met so long ago that no version will read it; from the first time on it is left.</summary>
    public bool IsOld(Guid id, DateTimeOffset now) => now - since.GetOrAdd(id, now) >= Patience;
}
