using Cdr.Contracts.Rights;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Counting;

/// <summary>What holds on each store: all journals counted again together.</summary>
public abstract partial class CountingRules
{
    // Everything in one transaction; some, where days and months are cut; each page in its own.
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(150)]
    [InlineData(1)]
    public async Task Rebuilt_together_the_rows_are_the_same_byte_for_byte_however_much_goes_at_once(int factsAtOnce)
    {
        Guid[] others = [Guid.CreateVersion7(Facts.Noon.AddDays(-40)), Guid.CreateVersion7(Facts.Noon.AddHours(-3)), Guid.Parse("d2719c5e-1f0a-4c55-9b1e-8f4f3a0c6b11")];
        ConsultationsAnswered[] written =
        [
            .. Facts.Batches(journal, InOrder(Facts.Mixed(seed: 31, count: 300, Facts.Noon, hours: 24 * 100)), each: 20),
            .. Facts.Batches(others[0], InOrder(Facts.Mixed(seed: 32, count: 200, Facts.Noon, hours: 24 * 40)), each: 30),
            .. Facts.Batches(others[1], Facts.Mixed(seed: 33, count: 100, Facts.Noon, hours: 3), each: 7),
            .. Facts.Batches(others[2], Facts.Mixed(seed: 34, count: 60, Facts.Noon, hours: 24 * 300), each: 9),
        ];
        Desk.Journals.Write(written);
        foreach (var batch in written)
            await Desk.DeliverAsync(batch, Cancel);
        var (before, regimes, presences) = (await AllAsync(), await RegimesAsync(), await PresencesAsync());
        Assert.True(before.All(csv => csv.Split('\n').Length > 10));

        Assert.Null(await Desk.RebuildAsync(factsAtOnce, Cancel));

        Assert.Equal(before, await AllAsync());
        Assert.Equal(regimes, await RegimesAsync());
        Assert.Equal(presences, await PresencesAsync());
        foreach (var head in await Desk.Journals.HeadsAsync(Cancel))
            Assert.Equal(head.LastBatch, (await Desk.Counter.PlaceAsync(head.Journal, Cancel)).LastBatch);
    }

    [Fact]
    public async Task Rebuilt_together_older_months_stay_and_a_batch_that_was_never_counted_adds_to_them()
    {
        var old = Facts.Batches(journal, Facts.Mixed(seed: 35, count: 90, new DateTimeOffset(2025, 11, 30, 12, 0, 0, TimeSpan.Zero), hours: 24 * 20), each: 10);
        Desk.Journals.Write([.. old, .. Facts.Mixed(seed: 36, count: 60, Facts.Noon, hours: 24 * 20).Chunk(10).Select((some, index) => Facts.Batch(journal, 10 + index, some))]);
        await Desk.ReconcileAsync(Cancel);
        var months = await Desk.CsvAsync(Grain.Month, Cancel);
        var (first, heads) = (await Desk.Recount.ForgetAsync(Desk.Journals, Cancel))!.Value;
        // As those that are there: of a cell of November 2025, and of one of now.
        var late = Facts.Batch(journal, 16, old[0].Facts[0], Facts.One());
        Desk.Journals.Write(late);

        Assert.Null(await Desk.Again().RunAsync(first, [heads[0] with { LastBatch = 16 }], CountingDesk.Undisturbed, Cancel));

        Assert.Equal(152, await MonthsAsync());
        Assert.Equal(new DateOnly(2025, 12, 1), first);
        Assert.Equal(
            months.Split("\r\n").Count(line => line.StartsWith("2025", StringComparison.Ordinal)) - 1,
            (await Desk.CsvAsync(Grain.Month, Cancel)).Split("\r\n").Intersect(months.Split("\r\n")).Count(line => line.StartsWith("2025", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rebuilt_together_what_a_journal_skips_is_told_and_one_that_hands_out_no_more_holds_up_no_other()
    {
        var (other, third) = (Guid.CreateVersion7(Facts.Noon.AddSeconds(1)), Guid.CreateVersion7(Facts.Noon.AddSeconds(2)));
        Desk.Journals.Write([.. Facts.Journal(journal, 6), .. Facts.Journal(other, 4), .. Facts.Journal(third, 5)]);
        var (first, heads) = (await Desk.Recount.ForgetAsync(Desk.Journals, Cancel))!.Value;
        Desk.Journals.Lose(journal, 1);
        Desk.Journals.Lose(journal, 4);
        Desk.Journals.Lose(other, 4);

        Assert.Equal(other, (await Desk.Again().RunAsync(first, heads, CountingDesk.Undisturbed, Cancel))?.Journal);

        Assert.Equal(2 + 3 + 5 + 6 + (1 + 2 + 3) + 15, await Desk.TotalAsync(Cancel));
        Assert.Equal([$"Journal {journal}: batches 1 to 1", $"Journal {journal}: batches 4 to 4"], Desk.SkippedAgain.Select(told => told.Split(" are not in it")[0]));
    }

    [Fact]
    public async Task Rebuilt_together_what_a_service_counts_meanwhile_counts_once()
    {
        var batches = Facts.Batches(journal, Facts.Mixed(seed: 37, count: 100, Facts.Noon, hours: 24 * 3), each: 10);
        Desk.Journals.Write(batches);
        await Desk.ReconcileAsync(Cancel);
        var (first, heads) = (await Desk.Recount.ForgetAsync(Desk.Journals, Cancel))!.Value;
        var begun = Facts.Batches(Guid.CreateVersion7(Facts.Noon.AddSeconds(3)), Facts.Mixed(seed: 37, count: 100, Facts.Noon, hours: 24 * 3), each: 100);
        Desk.Journals.WhileBatchesTravel = async () =>
        {
            Desk.Journals.WhileBatchesTravel = null;
            // One that the rebuild reads at this moment, and a journal that it does not know, whose rows are those that it is about to write.
            await Desk.DeliverAsync(batches[0], Cancel);
            await Desk.DeliverAsync(begun[0], Cancel);
        };

        Assert.Null(await Desk.Again().RunAsync(first, heads, CountingDesk.Undisturbed, Cancel));

        Assert.Equal(200, await Desk.TotalAsync(Cancel));
        Assert.Equal(200, await MonthsAsync());
    }

    private static ConsultationFact[] InOrder(ConsultationFact[] facts) => [.. facts.OrderBy(fact => fact.At)];

    private async Task<long> MonthsAsync() =>
        (await Desk.ReadAsync(new Selection(Grain.Month, 0, int.MaxValue, Dimensions.None, ByPeriod: false, []), Cancel)).Sum(row => row.Consultations);

    private async Task<List<string>> RegimesAsync() =>
        [.. (await Desk.RegimesAsync(Cancel)).Select(row => $"{row.Day:O} {row.Regime} {row.Outcome} {row.Answers} {row.Calls} {row.Milliseconds}").Order(StringComparer.Ordinal)];

    private async Task<List<string>> PresencesAsync() =>
        [.. (await Desk.PresencesAsync(Cancel)).Select(row => $"{row.Establishment} {row.Function} {row.Department} {row.Group} {row.First:O} {row.Last:O}")];
}
