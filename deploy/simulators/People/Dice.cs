namespace Cdr.RegimeSimulator.People;

/// <summary>What a stream of throws decides: each has its own, so that adding a throw to one leaves the others as they were.</summary>
internal enum Throws
{
    Household,
    Identity,
    Child,
    Membership,
    Rights,
}

/// <summary>Reproducible throws (SplitMix64): the same seed, purpose and number, the same results on any machine.</summary>
internal struct Dice(int seed, Throws purpose, long number)
{
    private ulong state = Mix(Mix(((ulong)seed << 8) + (ulong)purpose) ^ (ulong)number);

    /// <summary>0 to <paramref name="bound"/> excluded.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double share) => Share() < share;

    /// <summary>Index in shares cumulated from 0 to 1.</summary>
    public int Weighted(double[] cumulated)
    {
        var found = Array.BinarySearch(cumulated, Share());
        return Math.Min(found < 0 ? ~found : found + 1, cumulated.Length - 1);
    }

    public DateOnly Day(int firstYear, int lastYear) =>
        new DateOnly(firstYear, 1, 1).AddDays(Below(((lastYear - firstYear + 1) * 365) - 1));

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
