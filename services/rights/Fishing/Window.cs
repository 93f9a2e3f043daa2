using System.Numerics;

namespace Cdr.Rights.Fishing;

/// <summary>The last 24 hours of a card, or of an establishment: whom it asked about, as marks. Not for two threads.</summary>
internal sealed class Window
{
    /// <summary>Hours that are kept.</summary>
    public const int Hours = 24;

    private readonly List<Slot> slots = [];

    // How many numbers of one stem, over all hours.
    private readonly Dictionary<ulong, int> stems = [];

    // The last 64 steps from one new name to the next; a one goes forward in the alphabet.
    private ulong forward;
    private int steps;
    private int letters;

    public IReadOnlyList<Slot> Slots => slots;

    /// <summary>Over the last hour, the one before counted by what is left of it.</summary>
    public Counts Last(DateTimeOffset now)
    {
        var hour = HourOf(now);
        var left = 1 - ((now.ToUnixTimeMilliseconds() - (hour * 3_600_000)) / 3_600_000d);
        var (current, before) = (Of(hour), Of(hour - 1));
        int Both(Func<Slot, int> what) => (current is null ? 0 : what(current)) + (before is null ? 0 : (int)(what(before) * left));
        return new Counts(Both(s => s.Persons), Both(s => s.Cards), Both(s => s.Names), Both(s => s.Settled), Both(s => s.Missed), Both(s => s.NamesSettled), Both(s => s.NamesMissed));
    }

    /// <summary>How many numbers of this one's stem.</summary>
    public int Sequence(Mark mark) => mark.IsNumber ? stems.GetValueOrDefault(mark.Stem) : 0;

    /// <summary>Whether it was seen in any of the hours.</summary>
    public bool Knows(Mark mark) => slots.Exists(slot => slot.Has(mark));

    /// <summary>Names go one way through the alphabet: by chance once in some hundreds of times; no sign by itself.</summary>
    public bool FollowsAlphabet => steps >= 20 && Math.Max(BitOperations.PopCount(forward), steps - BitOperations.PopCount(forward)) >= steps * 0.85;

    /// <summary>Adds it to an hour, or what is known of it now.</summary>
    /// <param name="hour">Since 1970.</param>
    /// <param name="mark">Whom.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="place">In the alphabet, 0 where nothing is known.</param>
    /// <returns>True when that is new.</returns>
    public bool Add(long hour, Mark mark, Fate fate, int place = 0)
    {
        if (slots.Count > 0 && slots[0].Hour <= hour - Hours)
            Forget(hour - Hours);
        if (Of(hour) is not { } slot)
        {
            if (slots.Count > 0 && hour <= slots[^1].Hour - Hours)
                return false;
            slots.Add(slot = new Slot(hour));
            slots.Sort((one, other) => one.Hour.CompareTo(other.Hour));
        }

        var isNew = !slot.Has(mark);
        if (!slot.Add(mark, fate))
            return false;
        if (isNew && mark.IsNumber && IsOnlyIn(slot, mark))
            stems[mark.Stem] = stems.GetValueOrDefault(mark.Stem) + 1;
        if (place != 0 && fate == Fate.Asked)
            Step(place);
        return true;
    }

    /// <summary>What became of one that was asked about. Who never was asked about here is not counted by it.</summary>
    /// <returns>The hour it changed; null where it changed none.</returns>
    public long? Settle(Mark mark, Fate fate)
    {
        for (var at = slots.Count - 1; at >= 0; at--)
        {
            if (slots[at].Has(mark))
                return slots[at].Add(mark, fate) ? slots[at].Hour : null;
        }

        return null;
    }

    /// <summary>As if nothing had been asked.</summary>
    public void Clear()
    {
        slots.Clear();
        stems.Clear();
        (forward, steps, letters) = (0, 0, 0);
    }

    public static long HourOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / 3600;

    private Slot? Of(long hour)
    {
        for (var at = slots.Count - 1; at >= 0; at--)
        {
            if (slots[at].Hour == hour)
                return slots[at];
        }

        return null;
    }

    // A loop, as all that each question does here: a lambda costs its bytes even where it is not called.
    private bool IsOnlyIn(Slot slot, Mark mark)
    {
        foreach (var one in slots)
        {
            if (one != slot && one.Has(mark))
                return false;
        }

        return true;
    }

    private void Step(int place)
    {
        if (letters != 0 && place != letters)
        {
            forward = (forward << 1) | (place > letters ? 1UL : 0);
            steps = Math.Min(steps + 1, 64);
        }

        letters = place;
    }

    private void Forget(long until)
    {
        slots.RemoveAll(slot => slot.Hour <= until);
        stems.Clear();
        foreach (var mark in slots.SelectMany(slot => slot.Marks).Select(one => one.Key).Distinct())
        {
            if (new Mark(mark) is { IsNumber: true } number)
                stems[number.Stem] = stems.GetValueOrDefault(number.Stem) + 1;
        }
    }
}

/// <summary>What an hour amounts to.</summary>
internal readonly record struct Counts(int Persons, int Cards, int Names, int Settled, int Missed, int NamesSettled, int NamesMissed);
