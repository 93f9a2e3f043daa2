namespace Cdr.Rights.Regimes;

/// <summary>How long a regime's last answers took.</summary>
internal sealed class AnswerTimes
{
    private const int Kept = 64;
    private const int Fewest = 16;

    private readonly Lock gate = new();
    private readonly long[] ticks = new long[Kept];
    private int count;
    private long usual;

    /// <summary>What nineteen in twenty took; null until sixteen are known.</summary>
    public TimeSpan? Usual => Volatile.Read(ref usual) is > 0 and var known ? TimeSpan.FromTicks(known) : null;

    public void Add(TimeSpan time)
    {
        lock (gate)
        {
            ticks[count++ % Kept] = Math.Max(1, time.Ticks);
            // Sorting each time would cost more than it tells.
            if (count % Fewest != 0)
                return;
            var sorted = ticks[..Math.Min(count, Kept)];
            Array.Sort(sorted);
            Volatile.Write(ref usual, sorted[sorted.Length * 95 / 100]);
        }
    }
}
