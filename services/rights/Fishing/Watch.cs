using System.Globalization;

namespace Cdr.Rights.Fishing;

/// <summary>What this process knows of one card, or one establishment; other processes' part of it comes with the sharing.</summary>
/// <param name="key">Keyed hash, in hexadecimal: the name of it where all processes see it.</param>
/// <param name="mark">Of a card: what counts it among those at work in its establishment.</param>
internal sealed class Watch(string key, Mark mark)
{
    private readonly Dictionary<(long Hour, ulong Mark), Fate> unshared = [];
    private DateTimeOffset free;
    private DateTimeOffset lifted;

    // Sharing: one at a time.
    private int sharing;

    public Lock Gate { get; } = new();

    public string Key => key;

    public Mark Mark => mark;

    public Window Window { get; } = new();

    public DateTimeOffset SlowedUntil { get; private set; }

    public Sign SlowedBy { get; private set; }

    public DateTimeOffset StoppedUntil { get; private set; }

    public Sign StoppedBy { get; private set; }

    public DateTimeOffset LastUsed { get; set; }

    /// <value>True when something of it has not been shared, or another process may know more of it.</value>
    public bool IsDirty { get; set; } = true;

    /// <value>Instant of the last lift, in ticks: what was seen before it counts no more, in any process.</value>
    public long Era => lifted.UtcTicks;

    /// <value>True when what other processes know of it has been read once.</value>
    public bool IsLoaded { get; set; }

    /// <summary>Within the gate.</summary>
    public bool Add(DateTimeOffset now, Mark mark, Fate fate, int place = 0)
    {
        (LastUsed, IsDirty) = (now, true);
        var hour = Window.HourOf(now);
        if (!Window.Add(hour, mark, fate, place))
            return false;
        unshared[(hour, mark.Value)] = fate;
        return true;
    }

    /// <summary>Slowed from now on. Within the gate.</summary>
    /// <returns>True when it was not before, for this sign.</returns>
    public bool Slow(DateTimeOffset now, Sign sign, TimeSpan time)
    {
        var isNew = SlowedUntil <= now || SlowedBy != sign;
        (SlowedUntil, SlowedBy) = (now + time, sign);
        return isNew;
    }

    /// <summary>Within the gate.</summary>
    public void Stop(DateTimeOffset until, Sign sign)
    {
        if (until > StoppedUntil)
            (StoppedUntil, StoppedBy) = (until, sign);
    }

    /// <summary>When its next question may be asked: one a pace. Within the gate.</summary>
    /// <returns>How long to wait; longer than <paramref name="longest"/> it takes no turn.</returns>
    public TimeSpan TakeTurn(DateTimeOffset now, TimeSpan pace, TimeSpan longest)
    {
        var wait = free > now ? free - now : TimeSpan.Zero;
        if (wait <= longest)
            free = now + wait + pace;
        return wait;
    }

    /// <summary>Operations lifted it at that instant: what was seen until then is forgotten. Within the gate.</summary>
    public void Lift(DateTimeOffset at)
    {
        if (at <= lifted)
            return;
        lifted = at;
        Window.Clear();
        unshared.Clear();
        (SlowedUntil, SlowedBy, StoppedUntil, StoppedBy, free) = (default, default, default, default, default);
    }

    public bool TryBeginSharing() => Interlocked.Exchange(ref sharing, 1) == 0;

    public void EndSharing() => Volatile.Write(ref sharing, 0);

    /// <summary>What other processes have not heard of, by hour. Within the gate.</summary>
    public Dictionary<long, string> TakeUnshared()
    {
        var texts = unshared.GroupBy(one => one.Key.Hour)
            .ToDictionary(hour => hour.Key, hour => string.Join(',', hour.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key.Mark:x}:{(int)one.Value}"))));
        unshared.Clear();
        IsDirty = false;
        return texts;
    }

    /// <summary>What others have seen. Within the gate.</summary>
    public void Merge(long hour, string text)
    {
        foreach (var one in text.Split(','))
        {
            if (one.Split(':') is [var mark, [var fate and >= '0' and <= '2']] && ulong.TryParse(mark, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
                Window.Add(hour, new Mark(value), (Fate)(fate - '0'));
        }
    }
}
