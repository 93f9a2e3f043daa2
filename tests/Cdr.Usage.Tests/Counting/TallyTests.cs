using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Counting;

public sealed class TallyTests
{
    private static readonly Guid Journal = Guid.CreateVersion7(Facts.Noon);
    private static readonly JournalPlace Beginning = new(0, 0, 0);

    [Fact]
    public void What_is_added_does_not_depend_on_the_order_of_the_facts_nor_on_their_batches()
    {
        var facts = Facts.Mixed(seed: 7, count: 60, Facts.Noon, hours: 30);

        var one = Tally.Of([Facts.Batch(Journal, 1, facts)], Beginning, Facts.Noon);
        var other = Tally.Of([Facts.Batch(Journal, 1, facts[30..]), Facts.Batch(Journal, 2, [.. facts[..30].Reverse()])], Beginning, Facts.Noon);

        foreach (var table in RollupTable.All)
            Assert.Equal(Rows(one, table), Rows(other, table));
        // These two are written as they are: in another order, two transactions would wait for each other for ever.
        Assert.Equal(one.Regimes, other.Regimes);
        Assert.Equal(one.Presences, other.Presences);
        Assert.Equal(60, one.Rows(Table(Grain.Month, isFull: true)).Sum(row => row.Sum.Consultations));
    }

    [Fact]
    public void A_period_that_is_kept_no_more_is_not_written_and_its_month_is()
    {
        var now = Facts.Noon;
        var tally = Tally.Of(
            [Facts.Batch(Journal, 1, Facts.One(now), Facts.One(now.AddHours(-25)), Facts.One(now.AddDays(-61)), Facts.One(now.AddMonths(-14)))], Beginning, now);

        Assert.Equal([1L, 2L, 3L, 4L], Enum.GetValues<Grain>().Select(grain => tally.Rows(Table(grain, isFull: true)).Sum(row => row.Sum.Consultations)));
        Assert.Equal([1L, 2L, 3L, 4L], Enum.GetValues<Grain>().Select(grain =>
            tally.Rows(Table(grain, isFull: false)).Where(row => tally.Cells[row.Cell].Shape == Shape.For(Dimensions.Regime, grain).Id).Sum(row => row.Sum.Consultations)));
    }

    [Fact]
    public void Each_fact_is_in_the_cell_that_its_words_name_of_every_shape()
    {
        var facts = Facts.Mixed(seed: 9, count: 200, Facts.Noon, hours: 1);
        var tally = Tally.Of([Facts.Batch(Journal, 1, facts)], Beginning, Facts.Noon);

        foreach (var (isFull, shapes) in ((bool, IReadOnlyList<Shape>)[])[(true, [Shape.Full]), (false, Shape.Sums)])
        {
            var expected = shapes.SelectMany(shape => facts.Select(fact => CellOf.Fact(fact, shape))).GroupBy(cell => cell).Select(alike => (alike.Key.ToString(), alike.LongCount())).Order();
            Assert.Equal(expected, tally.Rows(Table(Grain.Month, isFull)).Select(row => (tally.Cells[row.Cell].ToString(), row.Sum.Consultations)).Order());
        }
    }

    [Fact]
    public void Counted_again_a_frozen_month_gains_nothing_and_a_new_batch_of_it_does()
    {
        var place = new JournalPlace(LastBatch: 0, RecountedTo: 1, FrozenBefore: Periods.Of(Grain.Month, new DateOnly(2026, 11, 1)));
        var october = new DateTimeOffset(2026, 10, 31, 22, 59, 59, TimeSpan.Zero);

        var tally = Tally.Of([Facts.Batch(Journal, 1, Facts.One(october), Facts.One(october.AddSeconds(1))), Facts.Batch(Journal, 2, Facts.One(october))], place, Facts.Noon);

        Assert.Equal(
            [("2026-10", 1L), ("2026-11", 1L)],
            tally.Rows(Table(Grain.Month, isFull: true)).Select(row => (Periods.Text(Grain.Month, row.Period), row.Sum.Consultations)).Order());
    }

    [Theory]
    // In Paris Sunday the 8th at 22:30, on Réunion Monday at 01:30; in Paris Saturday the 14th at 00:30, in Guadeloupe Friday at 19:30.
    [InlineData("974", "2026-11-08T21:30:00Z", true)]
    [InlineData("75", "2026-11-08T21:30:00Z", false)]
    [InlineData("971", "2026-11-13T23:30:00Z", true)]
    [InlineData("75", "2026-11-13T23:30:00Z", false)]
    // In Paris Monday at 00:30, in Cayenne Sunday at 20:30.
    [InlineData("973", "2026-11-08T23:30:00Z", false)]
    [InlineData("2A", "2026-11-08T23:30:00Z", true)]
    public void A_working_day_is_one_where_the_establishment_is_and_days_stay_those_of_Paris(string department, string at, bool isWorking)
    {
        var instant = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var tally = Tally.Of([Facts.Batch(Journal, 1, Facts.One(instant, department: department), Facts.One(instant.AddMinutes(1), department: department))], Beginning, Facts.Noon.AddDays(10));

        var day = Assert.Single(tally.Rows(Table(Grain.Day, isFull: true)));
        Assert.Equal((Days.Of(instant).DayNumber, isWorking ? 2L : 0), (day.Period, day.Sum.Working));
    }

    private static RollupTable Table(Grain grain, bool isFull) => RollupTable.All.Single(table => table.Grain == grain && table.IsFull == isFull);

    private static List<string> Rows(Tally tally, RollupTable table) =>
    [
        .. tally.Rows(table).Select(row => $"{tally.Cells[row.Cell].Digest()} {row.Period} {row.Sum.Consultations} {row.Sum.Working} {row.Sum.Milliseconds} {string.Join(',', Enumerable.Range(0, Latency.Buckets).Select(bucket => row.Sum.Range(bucket)))}")
            .Order(StringComparer.Ordinal),
    ];
}
