using Cdr.Contracts.Rights;
using Cdr.Testing;
using Cdr.Usage.Counting;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Counting;

/// <summary>What holds on each store.</summary>
public abstract partial class CountingRules : IAsyncLifetime
{
    private readonly Guid journal = Guid.CreateVersion7(Facts.Noon);

    private protected CountingDesk Desk { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Desk = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    private protected abstract ValueTask<CountingDesk> OpenAsync();

    [Fact]
    public async Task A_batch_is_counted_by_all_that_was_asked()
    {
        await Desk.DeliverAsync(
            Facts.Batch(
                journal, 1,
                Facts.One(regimes: [new RegimeFact("cnam", RegimeOutcome.Found, 90), new RegimeFact("msa", RegimeOutcome.Unknown, 40)]),
                Facts.One(regimes: new RegimeFact("cnam", RegimeOutcome.Found, 110)),
                Facts.One(unit: "adm", source: Freshness.Cached, regimes: new RegimeFact("cnam", RegimeOutcome.Found, 0))),
            Cancel);

        var daily = await Desk.DailyAsync(Cancel);
        Assert.Equal(3, daily.Sum(count => count.Consultations));
        var emergencies = Assert.Single(daily, count => count.Unit == "urg-1");
        Assert.Equal((new DateOnly(2026, 11, 10), 2L, "75", "ghu-paris", "emergency", "cnam"),
            (emergencies.Day, emergencies.Consultations, emergencies.Department, emergencies.Group, emergencies.Reason, emergencies.Regime));
        var regimes = await Desk.RegimesAsync(Cancel);
        Assert.Equal([("cnam", 3L, 2L, 200L), ("msa", 1L, 1L, 40L)], regimes.Select(r => (r.Regime, r.Answers, r.Calls, r.Milliseconds)));
    }

    [Fact]
    public async Task A_second_batch_adds_to_the_first()
    {
        foreach (var batch in Facts.Journal(journal, 3))
            await Desk.DeliverAsync(batch, Cancel);

        Assert.Equal(6, Assert.Single(await Desk.DailyAsync(Cancel)).Consultations);
        Assert.Empty(Desk.Journals.Fetches);
    }

    [Fact]
    public async Task A_cell_that_is_there_takes_no_number_again()
    {
        // Each batch by a replica that knows none of them yet.
        foreach (var batch in Facts.Journal(journal, 6))
            await Desk.DeliverAsync(batch, Cancel);
        await Desk.DeliverAsync(Facts.Batch(journal, 7, Facts.One(unit: "réa é", department: "2A", establishment: "2A0000014")), Cancel);

        await using var db = Desk.CreateDbContext();
        var ids = await db.Cells.Select(cell => cell.Id).ToListAsync(Cancel);
        Assert.Equal(ids.Count, ids.Max() - ids.Min() + 1);
    }

    [Fact]
    public async Task A_duplicate_changes_nothing()
    {
        var batches = Facts.Journal(journal, 2);
        foreach (var batch in (ConsultationsAnswered[])[batches[0], batches[0], batches[1], batches[0], batches[1]])
            await Desk.DeliverAsync(batch, Cancel);

        Assert.Equal(3, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task A_hole_is_fetched_before_what_came_ahead_of_it()
    {
        var batches = Facts.Journal(journal, 9);
        Desk.Journals.Write(batches);

        await Desk.DeliverAsync(batches[0], Cancel);
        await Desk.DeliverAsync(batches[7], Cancel);
        Assert.Equal(36, await Desk.TotalAsync(Cancel));
        Assert.Equal((journal, 1), Desk.Journals.Fetches.First());
        await Desk.DeliverAsync(batches[3], Cancel);
        await Desk.DeliverAsync(batches[8], Cancel);
        Assert.Equal(45, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task Messages_that_overtake_each_other_are_waited_for_and_fetch_nothing()
    {
        using var turns = new CountingTurns();
        var (other, third) = (Guid.CreateVersion7(Facts.Noon.AddHours(1)), Guid.CreateVersion7(Facts.Noon.AddHours(2)));
        var (batches, others) = (Facts.Journal(journal, 9), Facts.Journal(other, 2));
        Desk.Journals.Write([.. batches, .. others]);

        List<Task> told = [];
        foreach (var batch in (ConsultationsAnswered[])[.. batches.Skip(1).Reverse(), others[1]])
            told.Add(Desk.DeliverAsync(batch, Cancel, turns, holeWait: 60_000));
        // Who is not ahead of anything does not wait for them to be counted.
        told.Add(Desk.DeliverAsync(Facts.Journal(third, 1)[0], Cancel, turns, holeWait: 60_000));
        await Deadline.UntilAsync("the third journal is counted", TimeSpan.FromSeconds(30), async () => await Desk.TotalAsync(Cancel) == 1, Cancel);
        told.Add(Desk.DeliverAsync(batches[0], Cancel, turns, holeWait: 60_000));
        told.Add(Desk.DeliverAsync(others[0], Cancel, turns, holeWait: 60_000));
        await Task.WhenAll(told).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(49, await Desk.TotalAsync(Cancel));
        Assert.Empty(Desk.Journals.Fetches);
    }

    [Fact]
    public async Task What_does_not_come_in_its_time_is_fetched()
    {
        var batches = Facts.Journal(journal, 3);
        Desk.Journals.Write(batches);

        await Desk.DeliverAsync(batches[2], Cancel, holeWait: 200);

        Assert.Equal(6, await Desk.TotalAsync(Cancel));
        Assert.Equal((journal, 0), Assert.Single(Desk.Journals.Fetches));
    }

    [Fact]
    public async Task Nobody_waits_for_more_than_the_journal_would_be_asked_for()
    {
        var batches = Facts.Journal(journal, 20 * Desk.BatchesPerFetch + 2);

        await Desk.DeliverAsync(batches[^1], Cancel, holeWait: 600_000).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(0, await Desk.TotalAsync(Cancel));
        Assert.Empty(Desk.Journals.Fetches);
    }

    [Fact]
    public async Task Nobody_waits_where_no_more_can_come()
    {
        using var turns = new CountingTurns();
        var batches = Facts.Journal(journal, CountingTurns.Most + 1);
        Desk.Journals.Write(batches);

        // All that is given out at once, and the first is not among them.
        await Task.WhenAll(batches.Skip(1).Select(batch => Desk.DeliverAsync(batch, Cancel, turns, holeWait: 600_000))).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        Assert.Equal(batches.Sum(batch => batch.Facts.Length), await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task Nothing_ahead_of_a_hole_is_counted_while_rights_is_silent_and_all_of_it_later()
    {
        var batches = Facts.Journal(journal, 3);
        Desk.Journals.Write(batches);
        Desk.Journals.Silent = true;

        await Desk.DeliverAsync(batches[2], Cancel);
        Assert.Equal(0, await Desk.TotalAsync(Cancel));

        Desk.Journals.Silent = false;
        await Desk.ReconcileAsync(Cancel);
        Assert.Equal(6, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task A_journal_that_no_message_told_of_is_counted_by_its_head()
    {
        Desk.Journals.Write(Facts.Journal(journal, 10));

        await Desk.ReconcileAsync(Cancel);
        await Desk.ReconcileAsync(Cancel);
        Assert.Equal(55, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task What_the_journal_itself_has_no_more_holds_up_nothing()
    {
        Desk.Journals.Write(Facts.Journal(journal, 5));
        Desk.Journals.Forget(journal, 2);

        await Desk.ReconcileAsync(Cancel);

        Assert.Equal(12, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task What_the_journal_has_no_more_is_told_wherever_it_is()
    {
        Desk.Journals.Write(Facts.Journal(journal, 6));
        Desk.Journals.Lose(journal, 1);
        Desk.Journals.Lose(journal, 3);
        Desk.Journals.Lose(journal, 4);

        await Desk.ReconcileAsync(Cancel);

        Assert.Equal(2 + 5 + 6, await Desk.TotalAsync(Cancel));
        Assert.Equal([$"Journal {journal}: batches 1 to 1", $"Journal {journal}: batches 3 to 4"], Desk.Skipped.Select(told => told.Split(" are not in it")[0]));
    }

    [Fact]
    public async Task Nobody_counts_from_a_place_where_the_journal_is_not()
    {
        var batches = Facts.Journal(journal, 2);
        Desk.Journals.Write(batches);
        var nowhere = new JournalPlace(0, 0, 0);
        Assert.True(await Desk.Counter.TryCountAsync(journal, nowhere, batches, Cancel));

        // Somebody else read the same place, and comes second.
        Assert.False(await Desk.Counter.TryCountAsync(journal, nowhere, batches, Cancel));
        Assert.Equal(3, await Desk.TotalAsync(Cancel));

        // Or a rebuild came between: the journal is at its beginning again, but some of its months are frozen now.
        await Desk.Recount.ForgetAsync(Desk.Journals, Cancel);
        Assert.False(await Desk.Counter.TryCountAsync(journal, nowhere, batches, Cancel));
        Assert.Equal(0, await Desk.TotalAsync(Cancel));
    }

    [Fact]
    public async Task A_batch_without_answers_advances_its_journal()
    {
        await Desk.DeliverAsync(Facts.Batch(journal, 1), Cancel);
        await Desk.DeliverAsync(Facts.Batch(journal, 2, Facts.One()), Cancel);

        Assert.Equal(1, await Desk.TotalAsync(Cancel));
        Assert.Empty(Desk.Journals.Fetches);
    }

    [Fact]
    public async Task Replicas_that_count_at_once_count_each_batch_once()
    {
        // Two journals whose facts raise the same counts: the order of the rows is what keeps them from waiting for each other.
        var other = Guid.CreateVersion7(Facts.Noon.AddSeconds(1));
        var mixed = Enumerable.Range(0, 40).Select(n => Facts.One(establishment: $"75{n % 20:0000000}", regimes: new RegimeFact($"r{n % 7}", RegimeOutcome.Found, 1))).ToArray();
        ConsultationsAnswered[] batches =
        [
            .. Enumerable.Range(1, 8).Select(number => Facts.Batch(journal, number, mixed)),
            .. Enumerable.Range(1, 8).Select(number => Facts.Batch(other, number, [.. mixed.Reverse()])),
        ];
        Desk.Journals.Write(batches);

        await Task.WhenAll(batches.Concat(batches).Select(batch => Task.Run(() => Desk.DeliverAsync(batch, Cancel), Cancel))
            .Append(Task.Run(() => Desk.ReconcileAsync(Cancel), Cancel)));

        Assert.Equal(16 * 40, await Desk.TotalAsync(Cancel));
        Assert.Equal(16 * 40, (await Desk.RegimesAsync(Cancel)).Sum(regime => regime.Calls));
    }

    [Fact]
    public async Task A_batch_of_thousands_is_one_transaction_of_several_statements()
    {
        await Desk.DeliverAsync(Facts.Batch(journal, 1, [.. Enumerable.Range(0, 2500).Select(n => Facts.One(unit: $"u{n % 1250}"))]), Cancel);

        Assert.Equal(1250, (await Desk.DailyAsync(Cancel)).Count);
        Assert.Equal(2500, await Desk.TotalAsync(Cancel));
    }
}
