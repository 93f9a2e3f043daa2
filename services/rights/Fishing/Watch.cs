using System.Globalization;

namespace Cdr.Rights.Fishing;

/// <summary>What this process knows of one card, or one establishment; other processes' part of it comes with the sharing.</summary>
/// <param name="key">Keyed hash, in hexadecimal: the name of it where all processes see it.</param>
/// <param name="mark">Of a card: what counts it among those at work in its establishment.</param>
internal sealed class Watch(string key, Mark mark)
{
    private const int MostUnshared = 16_384;
    private readonly Dictionary<(long Hour, ulong Mark, Lane Lane), Fate> unshared = [];
    private readonly HashSet<Sign> slowedBy = [];
    private readonly Dictionary<(Level, Sign), DateTimeOffset> toldUntil = [];

    // How far each hour of the others was read.
    private readonly Dictionary<long, long> read = [];
    private DateTimeOffset free;
    private DateTimeOffset lifted;

    // Sharing: one at a time.
    private int sharing;

    public Lock Gate { get; } = new();

    public string Key => key;

    public Mark Mark => mark;

    /// <value>What was asked at a desk.</value>
    public Window Window { get; } = new();

    /// <value>What its files asked, which a desk is not judged by.</value>
    public Window Files { get; } = new();

    public DateTimeOffset SlowedUntil { get; private set; }

    public DateTimeOffset StoppedUntil { get; private set; }

    public Sign StoppedBy { get; private set; }

    /// <value>Until then not even an emergency is asked.</value>
    public DateTimeOffset EmergenciesStoppedUntil { get; private set; }

    /// <value>Of its files alone: its desk asks on. Of an establishment, of all its cards' files.</value>
    public DateTimeOffset FilesStoppedUntil { get; private set; }

    /// <value>Until then it sends no file, and no line of one is asked: who is stopped at the desk sends none either.</value>
    public DateTimeOffset NoFilesUntil => StoppedUntil > FilesStoppedUntil ? StoppedUntil : FilesStoppedUntil;

    /// <value>True once it sent one: what other processes stopped of its files is read from then on.</value>
    public bool SendsFiles { get; set; }

    public DateTimeOffset LastUsed { get; set; }

    /// <value>True when something of it has not been shared, or another process may know more of it.</value>
    public bool IsDirty { get; set; } = true;

    /// <value>Instant of the last lift, in ticks: what was seen before it counts no more, in any process.</value>
    public long Era => lifted.UtcTicks;

    /// <value>The hour, since 1970, in which what other processes know of it was last read; null: never.</value>
    public long? LoadedAt { get; set; }

    /// <summary>Within the gate.</summary>
    public void Add(DateTimeOffset now, Lane lane, Mark mark, int place = 0)
    {
        (LastUsed, IsDirty) = (now, true);
        var hour = Window.HourOf(now);
        if (Of(lane).Add(hour, mark, Fate.Asked, place))
            Share(hour, lane, mark, Fate.Asked);
    }

    /// <summary>A line of a file. Within the gate.</summary>
    /// <returns>False where its files had that person already: a line that waited while they were stopped is no new sign.</returns>
    public bool AddOfFile(DateTimeOffset now, Mark mark)
    {
        var isNew = !Files.Knows(mark);
        Add(now, Lane.Batch, mark);
        return isNew;
    }

    /// <summary>What became of a person who was asked about. Within the gate.</summary>
    public void Settle(DateTimeOffset now, Lane lane, Mark mark, Fate fate)
    {
        (LastUsed, IsDirty) = (now, true);
        if (Of(lane).Settle(mark, fate) is { } hour)
            Share(hour, lane, mark, fate);
    }

    /// <summary>Slowed from now on. Within the gate.</summary>
    /// <returns>True when it was not yet, for this sign, since it is slowed.</returns>
    public bool Slow(DateTimeOffset now, Sign sign, TimeSpan time)
    {
        if (SlowedUntil <= now)
            slowedBy.Clear();
        SlowedUntil = now + time;
        return slowedBy.Add(sign);
    }

    /// <summary>Within the gate.</summary>
    public void Stop(DateTimeOffset until, Sign sign, bool emergenciesToo)
    {
        if (until > StoppedUntil)
            (StoppedUntil, StoppedBy) = (until, sign);
        if (emergenciesToo && until > EmergenciesStoppedUntil)
            EmergenciesStoppedUntil = until;
    }

    /// <summary>Within the gate.</summary>
    public void StopFiles(DateTimeOffset until)
    {
        if (until > FilesStoppedUntil)
            FilesStoppedUntil = until;
    }

    /// <summary>Within the gate.</summary>
    /// <returns>True once a day for each sign and level of its files: each line would say the same again.</returns>
    public bool TellsOfFiles(DateTimeOffset now, Level level, Sign sign)
    {
        if (toldUntil.GetValueOrDefault((level, sign)) > now)
            return false;
        toldUntil[(level, sign)] = now.AddHours(Window.Hours);
        return true;
    }

    /// <summary>How many texts of an hour were read. Within the gate.</summary>
    public long ReadUpTo(long hour) => read.GetValueOrDefault(hour);

    /// <summary>Within the gate.</summary>
    public void NoteRead(long hour, long upTo)
    {
        read[hour] = upTo;
        foreach (var past in read.Keys.Where(one => one <= hour - Window.Hours).ToList())
            read.Remove(past);
    }

    /// <summary>How long its next question waits. Within the gate.</summary>
    public TimeSpan NextTurn(DateTimeOffset now) => free > now ? free - now : TimeSpan.Zero;

    /// <summary>When its next question may be asked: one a pace. Within the gate.</summary>
    public TimeSpan TakeTurn(DateTimeOffset now, TimeSpan pace)
    {
        var wait = NextTurn(now);
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
        Files.Clear();
        unshared.Clear();
        toldUntil.Clear();
        read.Clear();
        (SlowedUntil, StoppedUntil, StoppedBy, EmergenciesStoppedUntil, FilesStoppedUntil, free) = (default, default, default, default, default, default);
    }

    public bool TryBeginSharing() => Interlocked.Exchange(ref sharing, 1) == 0;

    public void EndSharing() => Volatile.Write(ref sharing, 0);

    /// <summary>What other processes have not heard of, by hour. Within the gate.</summary>
    public Dictionary<long, string> TakeUnshared()
    {
        var texts = unshared.GroupBy(one => one.Key.Hour)
            .ToDictionary(hour => hour.Key, hour => string.Join(',', hour.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key.Mark:x}:{(int)one.Value}:{(int)one.Key.Lane}"))));
        unshared.Clear();
        IsDirty = false;
        return texts;
    }

    /// <summary>What others have seen. Within the gate.</summary>
    public void Merge(long hour, string text)
    {
        // Each second, of each card at work: as many marks as it asked about in the hour, and no string of any.
        Span<Range> parts = stackalloc Range[4];
        foreach (var range in text.AsSpan().Split(','))
        {
            var one = text.AsSpan(range);
            if (one.Split(parts, ':') == 3 && one[parts[1]] is [var fate and >= '0' and <= '2'] && one[parts[2]] is [var lane and >= '0' and <= '1']
                && ulong.TryParse(one[parts[0]], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
                Of((Lane)(lane - '0')).Add(hour, new Mark(value), (Fate)(fate - '0'));
        }
    }

    private Window Of(Lane lane) => lane == Lane.Batch ? Files : Window;

    // While nobody takes it, it grows no further: each process then guards with its own counts.
    private void Share(long hour, Lane lane, Mark mark, Fate fate)
    {
        if (unshared.Count < MostUnshared || unshared.ContainsKey((hour, mark.Value, lane)))
            unshared[(hour, mark.Value, lane)] = fate;
    }
}
