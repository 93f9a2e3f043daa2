using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Counting;

/// <summary>How many, and how long. A value: a rebuild holds millions of them.</summary>
internal struct Sum
{
    private int consultations;
    private int working;
    private Ranges ranges;

    public readonly long Consultations => consultations;

    public readonly long Working => working;

    public long Milliseconds { get; private set; }

    /// <summary>How many took as long as that range of <see cref="Latency"/> says.</summary>
    public readonly int Range(int bucket) => ranges[bucket];

    public void Add(int milliseconds, int bucket, bool isWorking)
    {
        consultations++;
        working += isWorking ? 1 : 0;
        Milliseconds += milliseconds;
        ranges[bucket]++;
    }

    public override readonly string ToString() => consultations.ToString(CultureInfo.InvariantCulture);

    [InlineArray(Latency.Buckets)]
    private struct Ranges
    {
        private int first;
    }
}

/// <summary>The sums of a table by cell and period, in pages that stay where they are: one array would be copied each time that it grows.</summary>
internal sealed class SumTable
{
    private const int APage = 256;

    private readonly Dictionary<(int Cell, int Period), int> places = [];
    private readonly List<Sum[]> pages = [];

    public int Count => places.Count;

    /// <value>Place of the cell in the tally, period, and the place of their sum here.</value>
    public IEnumerable<(int Cell, int Period, int Place)> Rows => places.Select(row => (row.Key.Cell, row.Key.Period, row.Value));

    /// <value>Each as often as there are rows of it.</value>
    public IEnumerable<int> Periods => places.Keys.Select(row => row.Period);

    public ref readonly Sum this[int place] => ref pages[place / APage][place % APage];

    /// <summary>To add to; of nothing where there was none.</summary>
    public ref Sum At(int cell, int period)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, (cell, period), out var isThere);
        if (!isThere)
        {
            place = places.Count - 1;
            if (place % APage == 0)
                pages.Add(new Sum[APage]);
        }

        return ref pages[place / APage][place % APage];
    }
}
