namespace Cdr.Rights.Fishing;

/// <summary>What became of a person asked about.</summary>
internal enum Fate : byte
{
    /// <summary>Nothing is known, or a regime was silent: that says nothing of who asks.</summary>
    Asked = 0,
    NotFound = 1,

    /// <summary>Stays so, whatever another regime says later.</summary>
    Found = 2,
}

/// <summary>One hour of a card, or of an establishment. Not for two threads.</summary>
internal sealed class Slot(long hour)
{
    /// <summary>What comes after is counted by nobody, and costs nothing: that it is full is a sign.</summary>
    public const int Most = 16_384;

    private readonly Dictionary<ulong, Fate> marks = [];

    public long Hour { get; } = hour;

    public int Persons { get; private set; }

    public int Cards { get; private set; }

    public int Names { get; private set; }

    /// <value>Of whom it is known whether they were found.</value>
    public int Settled { get; private set; }

    public int Missed { get; private set; }

    public int NamesSettled { get; private set; }

    public int NamesMissed { get; private set; }

    public IEnumerable<KeyValuePair<ulong, Fate>> Marks => marks;

    public bool IsFull => marks.Count >= Most;

    public bool Has(Mark mark) => marks.ContainsKey(mark.Value);

    /// <summary>Adds it, or what is known of it now.</summary>
    /// <returns>True when that is new.</returns>
    public bool Add(Mark mark, Fate fate)
    {
        if (marks.TryGetValue(mark.Value, out var before))
        {
            if (fate <= before)
                return false;
            Count(mark, before, -1);
        }
        else if (IsFull)
        {
            return false;
        }
        else if (mark.IsCard)
        {
            Cards++;
        }
        else
        {
            Persons++;
            Names += mark.IsName ? 1 : 0;
        }

        marks[mark.Value] = fate;
        Count(mark, fate, 1);
        return true;
    }

    private void Count(Mark mark, Fate fate, int one)
    {
        if (fate == Fate.Asked)
            return;
        var missed = fate == Fate.NotFound ? one : 0;
        Settled += one;
        Missed += missed;
        if (!mark.IsName)
            return;
        NamesSettled += one;
        NamesMissed += missed;
    }
}
