using System.Runtime.InteropServices;
using Cdr.Contracts.Rights;
using Cdr.Usage.Calendar;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Counting;

/// <summary>What batches add to the counts. Pure.</summary>
internal sealed class Tally
{
    // Of the full shape and each sum: the tables that keep it, by their places.
    private static readonly (int Table, Grain Grain)[][] Kept =
    [
        .. Shape.Sums.Prepend(Shape.Full).Select(shape => RollupTable.All.Index()
            .Where(table => table.Item.IsFull == (shape == Shape.Full) && shape.IsKept(table.Item.Grain)).Select(table => (table.Index, table.Item.Grain)).ToArray()),
    ];

    private readonly int[] first;
    private readonly TalliedCells cells = new();
    private readonly SumTable[] sums = [.. RollupTable.All.Select(_ => new SumTable())];
    private readonly Dictionary<(int Department, DateOnly Day), bool> working = [];
    private readonly Dictionary<(DateOnly Day, string Regime, RegimeOutcome Outcome), long[]> regimes = [];
    private readonly Dictionary<(string Establishment, string Function), Presence> presences = [];
    private (int Hour, DateOnly Day) latest = (-1, default);

    /// <param name="now">Periods that are not kept any more at that instant are not written.</param>
    public Tally(DateTimeOffset now) => first = [.. Enum.GetValues<Grain>().Select(grain => Periods.First(grain, now))];

    /// <value>How many were added, those of frozen months too.</value>
    public int Facts { get; private set; }

    /// <value>What the places of the rows name.</value>
    public IReadOnlyList<CellKey> Cells => cells;

    /// <value>Sorted, alike in every process: two transactions that raise the same counts in two orders would wait for each other for ever.</value>
    public IReadOnlyList<object[]> Regimes =>
    [
        .. regimes.Select(row => (row.Key.Day, row.Key.Regime, Outcome: row.Key.Outcome.ToString(), Counts: row.Value))
            .OrderBy(row => row.Day).ThenBy(row => row.Regime, StringComparer.Ordinal).ThenBy(row => row.Outcome, StringComparer.Ordinal)
            .Select(row => new object[] { row.Day, row.Regime, row.Outcome, row.Counts[0], row.Counts[1], row.Counts[2] }),
    ];

    /// <value>Establishment, function, département, group, first and last day. Sorted.</value>
    public IReadOnlyList<object[]> Presences =>
    [
        .. presences.OrderBy(row => row.Key.Establishment, StringComparer.Ordinal).ThenBy(row => row.Key.Function, StringComparer.Ordinal)
            .Select(row => new object[] { row.Key.Establishment, row.Key.Function, row.Value.Department, row.Value.Group, row.Value.First, row.Value.Last }),
    ];

    /// <param name="batches">Of one journal.</param>
    /// <param name="place">Where the journal is counted to.</param>
    /// <param name="now">Periods that are not kept any more at that instant are not written.</param>
    public static Tally Of(IEnumerable<ConsultationsAnswered> batches, JournalPlace place, DateTimeOffset now)
    {
        var tally = new Tally(now);
        foreach (var batch in batches)
            tally.Add(batch, place);
        return tally;
    }

    /// <param name="batch">Of any journal.</param>
    /// <param name="place">Where that journal is counted to: what is counted again leaves its frozen months alone.</param>
    public void Add(ConsultationsAnswered batch, JournalPlace place)
    {
        foreach (var fact in batch.Facts)
            Add(fact, batch.Batch <= place.RecountedTo ? place.FrozenBefore : 0);
        Facts += batch.Facts.Length;
    }

    /// <summary>What a table gains.</summary>
    public SumTable Sums(RollupTable table) => sums[RollupTable.All.Index().First(one => one.Item == table).Index];

    /// <summary>What a table gains: place of the cell in <see cref="Cells"/>, period, sum.</summary>
    public IEnumerable<(int Cell, int Period, Sum Sum)> Rows(RollupTable table)
    {
        var rows = Sums(table);
        return rows.Rows.Select(row => (row.Cell, row.Period, rows[row.Place]));
    }

    private void Add(ConsultationFact fact, int frozenBefore)
    {
        var hour = Periods.Of(Grain.Hour, fact.At);
        // Paris is whole hours away: an hour is of one day.
        if (hour != latest.Hour)
            latest = (hour, Days.Of(fact.At));
        var day = latest.Day;
        // First and last days only widen: counted again, they stay what they are.
        AddPresence(fact, day);
        var month = Periods.Of(Grain.Month, day);
        if (month < frozenBefore)
            return;
        foreach (var part in fact.Regimes)
        {
            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(regimes, (day, part.Regime, part.Outcome), out _);
            row ??= new long[3];
            row[0]++;
            // Milliseconds is 0 where this question called nobody, or what was kept stood in for a silent regime.
            row[1] += part.Milliseconds > 0 ? 1 : 0;
            row[2] += part.Milliseconds;
        }

        ReadOnlySpan<int> periods = [Periods.Of(Grain.Minute, fact.At), hour, day.DayNumber, month];
        var family = cells.Family(fact);
        var (bucket, isWorking) = (Latency.Bucket(fact.Milliseconds), IsWorking(fact.Department, WorkingDays.DayThere(fact.Department, fact.At, day)));
        for (var n = 0; n < family.Length; n++)
        {
            foreach (var (table, grain) in Kept[n])
            {
                if (periods[(int)grain] >= first[(int)grain])
                    sums[table].At(family[n], periods[(int)grain]).Add(fact.Milliseconds, bucket, isWorking);
            }
        }
    }

    private bool IsWorking(string department, DateOnly day)
    {
        ref var isWorking = ref CollectionsMarshal.GetValueRefOrAddDefault(working, (cells.Department(department), day), out var isThere);
        if (!isThere)
            isWorking = WorkingDays.Is(department, day);
        return isWorking;
    }

    private void AddPresence(ConsultationFact fact, DateOnly day)
    {
        if (!presences.TryGetValue((fact.Establishment, fact.Function), out var before))
            presences[(fact.Establishment, fact.Function)] = new Presence(fact.Department, fact.Group, day, day);
        else if (day > before.Last || day == before.Last && (before.Department != fact.Department || before.Group != fact.Group))
            presences[(fact.Establishment, fact.Function)] = new Presence(fact.Department, fact.Group, before.First, day);
        else if (day < before.First)
            presences[(fact.Establishment, fact.Function)] = before with { First = day };
    }

    private sealed record Presence(string Department, string Group, DateOnly First, DateOnly Last);
}

/// <summary>How far a journal is counted.</summary>
/// <param name="LastBatch">All up to it are counted.</param>
/// <param name="RecountedTo">Batches up to it are counted again since a rebuild; 0 where there was none.</param>
/// <param name="FrozenBefore">Months before it are not counted again.</param>
internal sealed record JournalPlace(long LastBatch, long RecountedTo, int FrozenBefore);
