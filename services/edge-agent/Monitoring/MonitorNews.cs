using Cdr.EdgeAgent.Cards;

namespace Cdr.EdgeAgent.Monitoring;

/// <summary>A reader's slot and what lies in it.</summary>
/// <param name="Reader">Its name.</param>
/// <param name="Family">Of the card; <see cref="CardFamily.Other"/> where there is none.</param>
/// <param name="Insertion">Another number each time a card comes; 0: no card.</param>
internal sealed record Slot(string Reader, CardFamily Family, long Insertion)
{
    public bool HasCard => Insertion != 0;

    /// <summary>A card that may sign in lies in it.</summary>
    public bool SignsIn => HasCard && Family.SignsIn();
}

internal abstract record MonitorNews
{
    /// <summary>How the slots are now.</summary>
    public sealed record Seen(IReadOnlyList<Slot> Slots) : MonitorNews;

    /// <summary>Nobody can say what lies in the readers any more.</summary>
    public sealed record Lost(uint Code) : MonitorNews;
}

/// <summary>Watches readers and cards.</summary>
internal interface ICardMonitor
{
    /// <summary>Tells how things are, and then each change, until cancelled. Blocking: it has a thread of its own.</summary>
    void Run(Action<MonitorNews> tell, CancellationToken cancellationToken);
}

/// <summary>Numbers insertions: one higher for each card that an agent sees coming, in whichever slot.</summary>
internal sealed class InsertionCounter
{
    private readonly Dictionary<string, (object? Mark, long Insertion)> slots = new(StringComparer.Ordinal);
    private long last;

    /// <param name="reader">The slot.</param>
    /// <param name="mark">Changes when the card was out, even between two looks; null: no card.</param>
    public long Of(string reader, object? mark)
    {
        if (mark is null)
        {
            slots.Remove(reader);
            return 0;
        }

        if (!slots.TryGetValue(reader, out var before) || !Equals(before.Mark, mark))
            slots[reader] = before = (mark, ++last);
        return before.Insertion;
    }

    /// <summary>Slots that are not there any more.</summary>
    public void Keep(IReadOnlyCollection<string> readers)
    {
        foreach (var gone in slots.Keys.Except(readers).ToList())
            slots.Remove(gone);
    }

    /// <summary>What was seen before says nothing of what is there now.</summary>
    public void Forget() => slots.Clear();
}
