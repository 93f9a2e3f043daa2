using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Usage.Calendar;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Counting;

/// <summary>What batches add to the counts. Pure.</summary>
internal sealed class Tally
{
    private readonly DateTimeOffset now;
    private readonly Dictionary<CellKey, int> places = [];
    // Of a full cell: the places of it and of its sums, in the order of the shapes.
    private readonly Dictionary<CellKey, int[]> families = [];
    private readonly List<CellKey> cells = [];
    private readonly Dictionary<(int Cell, int Period), Sum>[] sums = [.. RollupTable.All.Select(_ => new Dictionary<(int, int), Sum>())];
    private readonly Dictionary<(DateOnly Day, string Regime, string Outcome), long[]> regimes = [];
    private readonly Dictionary<(string Establishment, string Function), Presence> presences = [];

    private Tally(DateTimeOffset now) => this.now = now;

    /// <value>What the places of the rows name.</value>
    public IReadOnlyList<CellKey> Cells => cells;

    /// <value>Sorted, alike in every process: two transactions that raise the same counts in two orders would wait for each other for ever.</value>
    public IReadOnlyList<object[]> Regimes =>
    [
        .. regimes.OrderBy(row => row.Key.Day).ThenBy(row => row.Key.Regime, StringComparer.Ordinal).ThenBy(row => row.Key.Outcome, StringComparer.Ordinal)
            .Select(row => new object[] { row.Key.Day, row.Key.Regime, row.Key.Outcome, row.Value[0], row.Value[1], row.Value[2] }),
    ];

    /// <value>Establishment, function, département, group, first and last day. Sorted.</value>
    public IReadOnlyList<object[]> Presences =>
    [
        .. presences.OrderBy(row => row.Key.Establishment, StringComparer.Ordinal).ThenBy(row => row.Key.Function, StringComparer.Ordinal)
            .Select(row => new object[] { row.Key.Establishment, row.Key.Function, row.Value.Department, row.Value.Group, row.Value.First, row.Value.Last }),
    ];

    /// <param name="batches">Of one journal.</param>
    /// <param name="place">Where the journal is counted to: what is counted again leaves its frozen months alone.</param>
    /// <param name="now">Periods that are not kept any more at that instant are not written.</param>
    public static Tally Of(IEnumerable<ConsultationsAnswered> batches, JournalPlace place, DateTimeOffset now)
    {
        var tally = new Tally(now);
        foreach (var batch in batches)
        {
            foreach (var fact in batch.Facts)
                tally.Add(fact, isFrozen: batch.Batch <= place.RecountedTo && Periods.Of(Grain.Month, fact.At) < place.FrozenBefore);
        }

        return tally;
    }

    /// <summary>What a table gains: place of the cell in <see cref="Cells"/>, period, sum.</summary>
    public IEnumerable<(int Cell, int Period, Sum Sum)> Rows(RollupTable table) => sums[IndexOf(table)].Select(row => (row.Key.Cell, row.Key.Period, row.Value));

    private static int IndexOf(RollupTable table) => RollupTable.All.Index().First(one => one.Item == table).Index;

    private void Add(ConsultationFact fact, bool isFrozen)
    {
        var day = Days.Of(fact.At);
        // First and last days only widen: counted again, they stay what they are.
        AddPresence(fact, day);
        if (isFrozen)
            return;
        foreach (var part in fact.Regimes)
        {
            ref var row = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(regimes, (day, part.Regime, part.Outcome.ToString()), out _);
            row ??= new long[3];
            row[0]++;
            // Milliseconds is 0 where this question called nobody, or what was kept stood in for a silent regime.
            row[1] += part.Milliseconds > 0 ? 1 : 0;
            row[2] += part.Milliseconds;
        }

        Span<int> periods = stackalloc int[4];
        foreach (var grain in Enum.GetValues<Grain>())
        {
            var period = grain >= Grain.Day ? Periods.Of(grain, day) : Periods.Of(grain, fact.At);
            periods[(int)grain] = period >= Periods.First(grain, now) ? period : -1;
        }

        var isWorking = WorkingDays.Is(fact.Department, day);
        var family = Family(fact);
        AddTo(Shape.Full, family[0], fact.Milliseconds, periods, isWorking);
        for (var n = 0; n < Shape.Sums.Count; n++)
            AddTo(Shape.Sums[n], family[n + 1], fact.Milliseconds, periods, isWorking);
    }

    private int[] Family(ConsultationFact fact)
    {
        var full = CellKey.Of(fact, Shape.Full);
        if (!families.TryGetValue(full, out var family))
            families[full] = family = [Place(full), .. Shape.Sums.Select(shape => Place(CellKey.Of(fact, shape)))];
        return family;
    }

    private int Place(CellKey key)
    {
        if (!places.TryGetValue(key, out var place))
        {
            places[key] = place = cells.Count;
            cells.Add(key);
        }

        return place;
    }

    private void AddTo(Shape shape, int cell, int milliseconds, ReadOnlySpan<int> periods, bool isWorking)
    {
        for (var table = 0; table < RollupTable.All.Count; table++)
        {
            var one = RollupTable.All[table];
            if (one.IsFull != (shape == Shape.Full) || !shape.IsKept(one.Grain) || periods[(int)one.Grain] < 0)
                continue;
            ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums[table], (cell, periods[(int)one.Grain]), out _);
            (sum ??= new Sum()).Add(milliseconds, isWorking);
        }
    }

    private void AddPresence(ConsultationFact fact, DateOnly day)
    {
        if (!presences.TryGetValue((fact.Establishment, fact.Function), out var before))
            presences[(fact.Establishment, fact.Function)] = new Presence(fact.Department, fact.Group, day, day);
        else if (day >= before.Last)
            presences[(fact.Establishment, fact.Function)] = new Presence(fact.Department, fact.Group, before.First, day);
        else if (day < before.First)
            presences[(fact.Establishment, fact.Function)] = before with { First = day };
    }

    private sealed record Presence(string Department, string Group, DateOnly First, DateOnly Last);
}

/// <summary>How many, and how long.</summary>
internal sealed class Sum
{
    public long Consultations { get; private set; }

    public long Working { get; private set; }

    public long Milliseconds { get; private set; }

    public int[] Histogram { get; } = new int[Latency.Buckets];

    public void Add(int milliseconds, bool isWorking)
    {
        Consultations++;
        Working += isWorking ? 1 : 0;
        Milliseconds += milliseconds;
        Histogram[Latency.Bucket(milliseconds)]++;
    }

    public override string ToString() => Consultations.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How far a journal is counted.</summary>
/// <param name="LastBatch">All up to it are counted.</param>
/// <param name="RecountedTo">Batches up to it are counted again since a rebuild; 0 where there was none.</param>
/// <param name="FrozenBefore">Months before it are not counted again.</param>
internal sealed record JournalPlace(long LastBatch, long RecountedTo, int FrozenBefore);
