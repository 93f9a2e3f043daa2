using System.Collections;
using System.Runtime.InteropServices;
using Cdr.Contracts.Rights;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Counting;

/// <summary>
/// The cells of a tally. Words are numbers in it: a fact has seventeen cells, and comparing nine words for each would be most of the counting.
/// </summary>
internal sealed class TalliedCells : IReadOnlyList<CellKey>
{
    // Of the full shape and each sum, in their order: how many cells a fact is in.
    public static readonly int InAFamily = Shape.Sums.Count + 1;

    private const int FamiliesAPage = 512;

    private readonly Words departments = new(), groups = new(), establishments = new(), units = new(), functions = new(), regimes = new(), reasons = new();
    private readonly Dictionary<Numbered, int> families = [];
    private readonly Dictionary<Numbered, int> sums = [];
    private readonly List<Numbered> cells = [];
    private readonly List<int[]> pages = [];

    public int Count => cells.Count;

    public CellKey this[int index]
    {
        get
        {
            var cell = cells[index];
            return new CellKey(
                cell.Shape, departments[cell.Department], groups[cell.Group], establishments[cell.Establishment], units[cell.Unit], functions[cell.Function], regimes[cell.Regime],
                reasons[cell.Reason], cell.Outcome == 0 ? "" : CellKey.NameOf((ConsultationOutcome)(cell.Outcome - 1)), cell.Source == 0 ? "" : CellKey.NameOf((Freshness)(cell.Source - 1)));
        }
    }

    /// <summary>Where the cells of a fact are: the full one, then those of <see cref="Shape.Sums"/>.</summary>
    public ReadOnlySpan<int> Family(ConsultationFact fact)
    {
        var full = new Numbered(
            Shape.Full.Id, departments.Of(fact.Department), groups.Of(fact.Group), establishments.Of(fact.Establishment), units.Of(fact.Unit), functions.Of(fact.Function), regimes.Of(fact.Regime),
            reasons.Of(fact.Reason), (int)fact.Outcome + 1, (int)fact.Source + 1);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(families, full, out var isThere);
        if (!isThere)
        {
            known = families.Count - 1;
            if (known % FamiliesAPage == 0)
                pages.Add(new int[FamiliesAPage * InAFamily]);
        }

        var family = pages[known / FamiliesAPage].AsSpan(known % FamiliesAPage * InAFamily, InAFamily);
        if (!isThere)
        {
            family[0] = cells.Count;
            cells.Add(full);
            for (var n = 1; n < InAFamily; n++)
                family[n] = Place(full.In(Shape.Sums[n - 1]));
        }

        return family;
    }

    /// <summary>The number that stands for a département's word here.</summary>
    public int Department(string code) => departments.Of(code);

    public IEnumerator<CellKey> GetEnumerator()
    {
        for (var n = 0; n < Count; n++)
            yield return this[n];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Place(Numbered cell)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, cell, out var isThere);
        if (!isThere)
        {
            place = cells.Count;
            cells.Add(cell);
        }

        return place;
    }

    /// <summary>Zero: not told apart.</summary>
    private readonly record struct Numbered(short Shape, int Department, int Group, int Establishment, int Unit, int Function, int Regime, int Reason, int Outcome, int Source)
    {
        public Numbered In(Shape shape)
        {
            var told = shape.Dimensions;
            return new Numbered(
                shape.Id, If(Dimensions.Department, Department), If(Dimensions.Group, Group), If(Dimensions.Establishment, Establishment), If(Dimensions.Unit, Unit), If(Dimensions.Function, Function),
                If(Dimensions.Regime, Regime), If(Dimensions.Reason, Reason), If(Dimensions.Outcome, Outcome), If(Dimensions.Source, Source));

            int If(Dimensions one, int value) => (told & one) != 0 ? value : 0;
        }
    }

    /// <summary>Numbers of words; 0 is the empty one.</summary>
    private sealed class Words
    {
        private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal) { [""] = 0 };
        private readonly List<string> words = [""];

        public string this[int number] => words[number];

        public int Of(string word)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, word, out var isThere);
            if (!isThere)
            {
                number = words.Count;
                words.Add(word);
            }

            return number;
        }
    }
}
