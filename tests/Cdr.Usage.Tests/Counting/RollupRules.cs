using Cdr.Usage.Counting;
using Cdr.Usage.Features.SweepRollups;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Tests.Counting;

/// <summary>What holds on each store: the tables of counts, and counting again.</summary>
public abstract partial class CountingRules
{
    [Fact]
    public async Task Every_table_and_every_sum_says_the_same()
    {
        var facts = Facts.Mixed(seed: 1, count: 400, Facts.Noon, hours: 20);
        foreach (var batch in Facts.Batches(journal, facts, each: 60))
            await Desk.DeliverAsync(batch, Cancel);

        foreach (var grain in Enum.GetValues<Grain>())
        {
            // Each sum, told by the smallest table that knows it, is that of the table that tells all apart.
            foreach (var by in Shape.Sums.Select(shape => shape.Dimensions).Append(Dimensions.None).Append(Dimensions.Unit | Dimensions.Regime))
            {
                var rows = await Desk.ReadAsync(new Selection(grain, 0, int.MaxValue, by, ByPeriod: true, [], WithLatency: true), Cancel);
                var expected = facts.GroupBy(fact => string.Join('|', [$"{Periods.Of(grain, fact.At)}", .. ValuesOf(fact, by)]))
                    .Select(alike => (alike.Key, alike.LongCount(), alike.Sum(fact => (long)fact.Milliseconds), alike.LongCount(fact => fact.Milliseconds <= 1000))).Order();
                Assert.Equal(expected, rows.Select(row => (string.Join('|', [$"{row.Period}", .. row.Keys]), row.Consultations, row.Milliseconds, Latency.UpTo(row.Histogram, 1000))).Order());
            }
        }
    }

    [Fact]
    public async Task A_filter_leaves_what_it_names()
    {
        var facts = Facts.Mixed(seed: 2, count: 300, Facts.Noon, hours: 20);
        await Desk.DeliverAsync(Facts.Batch(journal, 1, facts), Cancel);

        var rows = await Desk.ReadAsync(
            new Selection(Grain.Month, 0, int.MaxValue, Dimensions.Regime, ByPeriod: false, [(Dimensions.Department, "75"), (Dimensions.Outcome, "found")], WithLatency: false), Cancel);

        Assert.Equal(
            facts.Where(fact => fact is { Department: "75", Outcome: Contracts.Rights.ConsultationOutcome.Found }).GroupBy(fact => fact.Regime).Select(alike => (alike.Key, alike.LongCount())).Order(),
            rows.Select(row => (row.Keys[0], row.Consultations)).Order());
        Assert.Empty(await Desk.ReadAsync(new Selection(Grain.Month, 0, int.MaxValue, Dimensions.None, ByPeriod: false, [(Dimensions.Department, "01")]), Cancel));
    }

    [Fact]
    public async Task What_falls_on_a_working_day_is_counted_as_such()
    {
        // Wednesday the eleventh is a holiday, the thirteenth a Friday, the fourteenth a Saturday.
        await Desk.DeliverAsync(
            Facts.Batch(journal, 1, [.. ((int[])[11, 12, 13, 13, 14, 15]).Select(day => Facts.One(at: new DateTimeOffset(2026, 11, day, 9, 0, 0, TimeSpan.Zero)))]), Cancel);

        var row = Assert.Single(await Desk.ReadAsync(new Selection(Grain.Month, 0, int.MaxValue, Dimensions.Department, ByPeriod: false, []), Cancel));
        Assert.Equal((6L, 3L), (row.Consultations, row.Working));
    }

    [Fact]
    public async Task Forgotten_and_counted_again_the_rows_are_the_same_byte_for_byte()
    {
        var other = Guid.CreateVersion7(Facts.Noon.AddSeconds(1));
        Contracts.Rights.ConsultationsAnswered[] written =
        [
            .. Facts.Batches(journal, Facts.Mixed(seed: 3, count: 500, Facts.Noon, hours: 24 * 100), each: 40),
            .. Facts.Batches(other, Facts.Mixed(seed: 4, count: 300, Facts.Noon, hours: 20), each: 7),
        ];
        Desk.Journals.Write(written);
        foreach (var batch in written.Reverse())
            await Desk.DeliverAsync(batch, Cancel);
        var before = await AllAsync();
        Assert.True(before.All(csv => csv.Split('\n').Length > 10));

        Assert.Equal(new DateOnly(2025, 12, 1), (await Desk.Recount.ForgetAsync(Desk.Journals, Cancel))?.First);
        Assert.Equal(0, await Desk.TotalAsync(Cancel));
        await Desk.ReconcileAsync(Cancel);

        Assert.Equal(before, await AllAsync());
        Assert.Equal(800, (await Desk.RegimesAsync(Cancel)).Where(regime => regime.Regime == "cnam").Sum(regime => regime.Answers));
    }

    [Fact]
    public async Task Months_older_than_the_journal_stay_frozen_and_what_comes_while_it_is_counted_again_counts_once()
    {
        var old = Facts.Batches(journal, Facts.Mixed(seed: 5, count: 90, new DateTimeOffset(2025, 11, 30, 12, 0, 0, TimeSpan.Zero), hours: 24 * 50), each: 10);
        var recent = Facts.Mixed(seed: 6, count: 60, Facts.Noon, hours: 24 * 20).Chunk(10).Select((some, index) => Facts.Batch(journal, 10 + index, some)).ToArray();
        Desk.Journals.Write([.. old, .. recent]);
        await Desk.ReconcileAsync(Cancel);
        var (months, presences) = (await Desk.CsvAsync(Grain.Month, Cancel), await Desk.PresencesAsync(Cancel));

        // Half of what is frozen is past the journal's own retention by now.
        Desk.Journals.Forget(journal, 4);
        await Desk.Recount.ForgetAsync(Desk.Journals, Cancel);
        var added = Facts.Batch(journal, 16, Facts.One(unit: "late"), Facts.One(at: new DateTimeOffset(2025, 11, 3, 9, 0, 0, TimeSpan.Zero), unit: "late"));
        Desk.Journals.Write(added);
        await Desk.DeliverAsync(added, Cancel);
        await Desk.ReconcileAsync(Cancel);

        var after = (await Desk.CsvAsync(Grain.Month, Cancel)).Split("\r\n").ToList();
        // A batch that was never counted is counted, whatever its months.
        Assert.Equal(152, (await Desk.ReadAsync(new Selection(Grain.Month, 0, int.MaxValue, Dimensions.None, ByPeriod: false, []), Cancel))[0].Consultations);
        Assert.Equal(["2025-11", "2026-11"], after.Where(line => line.Contains(";late;", StringComparison.Ordinal)).Select(line => line[..7]));
        Assert.All(months.Split("\r\n").Where(line => line.StartsWith("2025", StringComparison.Ordinal)), line => Assert.Contains(line, after));
        var widened = await Desk.PresencesAsync(Cancel);
        Assert.All(presences, presence => Assert.Contains(widened, one => one.First == presence.First && (one.Establishment, one.Function) == (presence.Establishment, presence.Function)));
    }

    [Fact]
    public async Task A_recount_that_another_one_interrupts_counts_each_batch_once()
    {
        Desk.Journals.Write(Facts.Batches(journal, Facts.Mixed(seed: 8, count: 200, Facts.Noon, hours: 24 * 40), each: 10));
        await Desk.ReconcileAsync(Cancel);
        var before = await AllAsync();

        await Desk.Recount.ForgetAsync(Desk.Journals, Cancel);
        await Desk.CatchUp.RunAsync(journal, 7, Cancel);
        await Desk.Recount.ForgetAsync(Desk.Journals, Cancel);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Desk.ReconcileAsync(Cancel), Cancel)));

        Assert.Equal(before, await AllAsync());
    }

    [Fact]
    public async Task A_journal_that_begins_while_the_others_are_forgotten_loses_nothing()
    {
        Desk.Journals.Write(Facts.Batches(journal, Facts.Mixed(seed: 9, count: 40, Facts.Noon, hours: 24), each: 10));
        await Desk.ReconcileAsync(Cancel);
        var begun = Facts.Batches(Guid.CreateVersion7(Facts.Noon.AddSeconds(2)), Facts.Mixed(seed: 10, count: 10, Facts.Noon, hours: 24), each: 10);
        Task? counted = null;
        Desk.Journals.WhileHeadsTravel = async () =>
        {
            Desk.Journals.WhileHeadsTravel = null;
            Desk.Journals.Write(begun);
            counted = Task.Run(() => Desk.DeliverAsync(begun[0], Cancel), Cancel);
            // Where it need not wait, it is counted by now.
            await Task.WhenAny(counted, Task.Delay(500, Cancel));
        };

        await Desk.Recount.ForgetAsync(Desk.Journals, Cancel);
        await counted!;
        await Desk.ReconcileAsync(Cancel);

        Assert.Equal(50, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task What_the_journal_does_not_hold_any_more_is_not_forgotten()
    {
        var old = new DateTimeOffset(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
        Desk.Journals.Write(Facts.Batches(journal, [.. Facts.Mixed(seed: 11, count: 30, old, hours: 1), .. Facts.Mixed(seed: 12, count: 20, Facts.Noon, hours: 1)], each: 10));
        await Desk.ReconcileAsync(Cancel);
        // Rights keeps six months, and has purged.
        Desk.Journals.Forget(journal, 3);
        Desk.Journals.KeptSince = Facts.Noon.AddMonths(-6);

        Assert.Equal(new DateOnly(2026, 6, 1), (await Desk.Recount.ForgetAsync(Desk.Journals, Cancel))?.First);
        await Desk.ReconcileAsync(Cancel);

        Assert.Equal(50, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task A_journal_that_was_restored_to_an_earlier_batch_takes_no_frozen_month_with_it()
    {
        Desk.Journals.Write(Facts.Batches(journal, InOrder(Facts.Mixed(seed: 41, count: 120, Facts.Noon, hours: 24 * 300)), each: 20));
        await Desk.ReconcileAsync(Cancel);
        Desk.Journals.Lose(journal, 6);
        Desk.Journals.Lose(journal, 5);
        Assert.Null(await Desk.RebuildAsync(1_000_000, Cancel));
        var months = await Desk.CsvAsync(Grain.Month, Cancel);

        // Half a year later what was answered before is purged: January to April.
        Desk.Journals.Forget(journal, 2);
        Desk.Journals.KeptSince = Facts.Noon.AddMonths(-6);
        Assert.Null(await Desk.RebuildAsync(1_000_000, Cancel));

        Assert.StartsWith("2026-01", months.Split("\r\n")[1], StringComparison.Ordinal);
        Assert.Equal(months, await Desk.CsvAsync(Grain.Month, Cancel));
    }

    [Fact]
    public async Task A_month_that_a_purge_may_reach_before_it_is_counted_again_is_not_forgotten()
    {
        var first = new DateTimeOffset(2025, 12, 1, 3, 0, 0, TimeSpan.Zero);
        Desk.Journals.Write([.. Facts.Batches(journal, [Facts.One(first), Facts.One(first), Facts.One()], each: 2)]);
        await Desk.ReconcileAsync(Cancel);
        // An hour before December 2025 begins to be purged.
        Desk.Journals.KeptSince = new DateTimeOffset(2025, 11, 30, 22, 0, 0, TimeSpan.Zero);

        await Desk.Recount.ForgetAsync(Desk.Journals, Cancel);
        Desk.Journals.Forget(journal, 1);
        await Desk.ReconcileAsync(Cancel);

        Assert.Equal(3, await MonthsAsync());
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_forgotten() => Assert.Null(await Desk.Recount.ForgetAsync(Desk.Journals, Cancel));

    [Fact]
    public async Task A_sweep_removes_what_is_past_its_time_and_leaves_the_months()
    {
        await Desk.DeliverAsync(Facts.Batch(journal, 1, Facts.One()), Cancel);
        var sweep = new SweepRollups(Desk, null!, Options.Create(new UsageOptions()), Desk.Clock, NullLogger<SweepRollups>.Instance);
        Assert.Equal(0, await sweep.RunOnceAsync(Cancel));

        foreach (var (after, left) in ((TimeSpan, string)[])[(TimeSpan.FromHours(24), "0111"), (TimeSpan.FromDays(60), "0011"), (TimeSpan.FromDays(400), "0001")])
        {
            Desk.Clock.Advance(after);
            await sweep.RunOnceAsync(Cancel);
            var rows = Enum.GetValues<Grain>().Select(async grain => (await Desk.ReadAsync(new Selection(grain, 0, int.MaxValue, Dimensions.Regime, ByPeriod: true, []), Cancel)).Count);
            Assert.Equal(left, string.Concat(await Task.WhenAll(rows)));
        }
    }

    [Fact]
    public async Task First_and_last_days_of_an_establishments_function_only_widen()
    {
        foreach (var (day, number) in ((int, int)[])[(10, 1), (4, 2), (7, 3), (12, 4)])
            await Desk.DeliverAsync(Facts.Batch(journal, number, Facts.One(at: new DateTimeOffset(2026, 11, day, 9, 0, 0, TimeSpan.Zero), group: $"g{day}")), Cancel);

        var presence = Assert.Single(await Desk.PresencesAsync(Cancel));
        Assert.Equal((new DateOnly(2026, 11, 4), new DateOnly(2026, 11, 12), "g12", "emergencies"), (presence.First, presence.Last, presence.Group, presence.Function));
    }

    [Fact]
    public async Task An_establishment_that_changes_its_group_on_its_last_day_is_of_the_later_one_however_its_batches_are_counted()
    {
        var batches = Facts.Batches(journal, [Facts.One(group: "g1"), Facts.One(Facts.Noon.AddHours(1), group: "g2", department: "92"), Facts.One(Facts.Noon.AddHours(-1), "690000005", "g1"), Facts.One(Facts.Noon, "690000005", "g2")], each: 1);
        Desk.Journals.Write(batches);
        foreach (var batch in batches)
            await Desk.DeliverAsync(batch, Cancel);
        var apart = await PresencesAsync();

        Assert.Equal(["g2", "g2"], (await Desk.PresencesAsync(Cancel)).Select(presence => presence.Group));
        Assert.Equal(["75", "92"], (await Desk.PresencesAsync(Cancel)).Select(presence => presence.Department).Order());
        Assert.Null(await Desk.RebuildAsync(1_000_000, Cancel));
        Assert.Equal(apart, await PresencesAsync());
    }

    // The exports, and beneath them every table: boards read the sums.
    private async Task<string[]> AllAsync()
    {
        List<string> all = [];
        foreach (var grain in Enum.GetValues<Grain>())
            all.Add(await Desk.CsvAsync(grain, Cancel));
        return [.. all, string.Join('\n', await Desk.RowsAsync(Cancel))];
    }

    private static IEnumerable<string> ValuesOf(Contracts.Rights.ConsultationFact fact, Dimensions by) =>
        new CellKey[] { CellOf.Fact(fact, Shape.Full) }.SelectMany(key => key.Values).Where((_, index) => ((int)by & (1 << index)) != 0);
}
