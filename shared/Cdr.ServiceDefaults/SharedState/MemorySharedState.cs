using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Cdr.ServiceDefaults.SharedState;

/// <summary>Embedded: one process, its memory. Expired entries leave when they are read, or on a sweep each 4,096 writes.</summary>
internal sealed class MemorySharedState(TimeProvider clock) : ISharedState
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Set> sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (List<string> Texts, DateTimeOffset Until)> lists = new(StringComparer.Ordinal);
    private int writes;

    public int Count => entries.Count + sets.Count + lists.Count;

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        if (!entries.TryGetValue(key, out var entry))
            return Task.FromResult<byte[]?>(null);
        if (entry.Until > clock.GetUtcNow())
            return Task.FromResult<byte[]?>(entry.Value);
        entries.TryRemove(KeyValuePair.Create(key, entry));
        return Task.FromResult<byte[]?>(null);
    }

    public async Task<(byte[]? First, byte[]? Second)> GetTwoAsync(string first, string second, CancellationToken cancellationToken) =>
        (await GetAsync(first, cancellationToken), await GetAsync(second, cancellationToken));

    public async Task<(byte[]? First, byte[]? Second, bool Locked)> GetTwoOrLockAsync(
        string first, string second, string lockOfSecond, byte[] mark, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (one, two) = await GetTwoAsync(first, second, cancellationToken);
        if (two is not null || !await TryAddAsync(lockOfSecond, mark, lifetime, cancellationToken))
            return (one, two, false);
        // Whoever held the lock until now may have set the value.
        if (await GetAsync(second, cancellationToken) is not { } meanwhile)
            return (one, null, true);
        await RemoveAsync(lockOfSecond, mark, cancellationToken);
        return (one, meanwhile, false);
    }

    public async Task<IReadOnlyList<bool>> ExistAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var there = new bool[keys.Count];
        for (var at = 0; at < there.Length; at++)
            there[at] = await GetAsync(keys[at], cancellationToken) is not null;
        return there;
    }

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        entries[key] = new Entry(value, clock.GetUtcNow() + lifetime);
        Sweep();
        return Task.CompletedTask;
    }

    public Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var added = new Entry(value, now + lifetime);
        while (true)
        {
            if (entries.TryAdd(key, added))
            {
                Sweep();
                return Task.FromResult(true);
            }

            if (!entries.TryGetValue(key, out var present))
                continue;
            if (present.Until > now)
                return Task.FromResult(false);
            if (entries.TryUpdate(key, added, present))
                return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<Raised>> RaiseAsync(IReadOnlyList<(string Key, long Number)> numbers, string marks, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Raised>>([.. numbers.Select(one => Raise(one.Key, marks, one.Number, lifetime))]);

    public Task ReplaceAsync(string key, byte[] expected, byte[] value, CancellationToken cancellationToken)
    {
        if (entries.TryGetValue(key, out var present) && present.Until > clock.GetUtcNow() && present.Value.AsSpan().SequenceEqual(expected))
            entries.TryUpdate(key, present with { Value = value }, present);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string key, byte[]? expected, CancellationToken cancellationToken)
    {
        if (expected is null)
            entries.TryRemove(key, out _);
        else if (entries.TryGetValue(key, out var present) && present.Value.AsSpan().SequenceEqual(expected))
            entries.TryRemove(KeyValuePair.Create(key, present));
        return Task.CompletedTask;
    }

    public Task AddToSetAsync(string key, string member, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + lifetime;
        lock (sets)
        {
            if (!sets.TryGetValue(key, out var set) || set.Until <= clock.GetUtcNow())
                sets[key] = set = new Set([], until);
            set.Members.Add(member);
            set.Until = until > set.Until ? until : set.Until;
        }

        Sweep();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ReadSetAsync(string key, CancellationToken cancellationToken)
    {
        lock (sets)
            return Task.FromResult<IReadOnlyList<string>>(sets.TryGetValue(key, out var set) && set.Until > clock.GetUtcNow() ? [.. set.Members] : []);
    }

    public Task RemoveFromSetAsync(string key, IReadOnlyCollection<string> members, CancellationToken cancellationToken)
    {
        lock (sets)
        {
            if (!sets.TryGetValue(key, out var set))
                return Task.CompletedTask;
            set.Members.ExceptWith(members);
            if (set.Members.Count == 0)
                sets.Remove(key);
        }

        return Task.CompletedTask;
    }

    public Task AddToListAsync(string key, string text, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (now, until) = (clock.GetUtcNow(), clock.GetUtcNow() + lifetime);
        lock (lists)
        {
            var list = lists.TryGetValue(key, out var there) && there.Until > now ? there : (Texts: new List<string>(), Until: until);
            list.Texts.Add(text);
            lists[key] = (list.Texts, until > list.Until ? until : list.Until);
        }

        Sweep();
        return Task.CompletedTask;
    }

    public Task<(IReadOnlyList<string> Texts, long Next)> ReadListAsync(string key, long from, CancellationToken cancellationToken)
    {
        lock (lists)
        {
            if (!lists.TryGetValue(key, out var list) || list.Until <= clock.GetUtcNow())
                return Task.FromResult<(IReadOnlyList<string>, long)>(([], 0));
            return Task.FromResult<(IReadOnlyList<string>, long)>(([.. list.Texts.Skip(from > list.Texts.Count ? 0 : (int)from)], list.Texts.Count));
        }
    }

    private Raised Raise(string key, string marks, long number, TimeSpan lifetime)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            if (!entries.TryGetValue(key, out var present) || present.Until <= now)
                return Raised.Absent;
            if (present.Value.Length == 0 || !marks.Contains((char)present.Value[0], StringComparison.Ordinal))
                return Raised.OtherMark;
            if (present.Value.Length > 1 && (!Utf8Parser.TryParse(present.Value.AsSpan(1), out long before, out _) || before >= number))
                return Raised.NotHigher;
            var raised = Encoding.ASCII.GetBytes(marks[0] + number.ToString(CultureInfo.InvariantCulture));
            if (entries.TryUpdate(key, new Entry(raised, now + lifetime), present))
                return Raised.Yes;
        }
    }

    private void Sweep()
    {
        if ((Interlocked.Increment(ref writes) & 0xFFF) != 0)
            return;
        var now = clock.GetUtcNow();
        foreach (var entry in entries.Where(e => e.Value.Until <= now))
            entries.TryRemove(entry);
        lock (sets)
        {
            foreach (var (key, _) in sets.Where(s => s.Value.Until <= now).ToList())
                sets.Remove(key);
        }

        lock (lists)
        {
            foreach (var (key, _) in lists.Where(l => l.Value.Until <= now).ToList())
                lists.Remove(key);
        }
    }

    private sealed class Set(HashSet<string> members, DateTimeOffset until)
    {
        public HashSet<string> Members { get; } = members;

        public DateTimeOffset Until { get; set; } = until;
    }

    private sealed record Entry(byte[] Value, DateTimeOffset Until);
}
