using System.Reflection;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Batches;

/// <summary>What becomes of an accepted file, embedded: SQLite, messages in memory.</summary>
public sealed class BatchTests
{
    private static readonly Dictionary<string, string?> Quick = new() { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" };

    [Fact]
    public async Task Each_line_has_its_journaled_answer_as_json_and_as_a_table()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var nir = world.Regimes.People.Case("cnam").Nir;
        using var sent = await world.Host.UploadAsync(Harness.Batches.Json([new { reference = "=F1", nir, reason = "invoice-rejected" }, new { nir, regime = "cnam", reason = "emergency" }]));
        var batch = await Task.FromResult(sent).ProgressAsync();
        Assert.Equal((202, batch.Links.Self), ((int)sent.StatusCode, sent.Headers.Location?.OriginalString));

        var ended = await world.Host.EndedAsync(batch);

        Assert.Equal((2, 2, 0, 0), (ended.Lines, ended.Answered, ended.Waiting, ended.Refused));
        var results = await world.Host.ResultsAsync(batch);
        Assert.True(results.Complete);
        Assert.Equal(["=F1", null], results.Lines.Select(l => l.Reference));
        Assert.All(results.Lines, line => Assert.Equal(ConsultationOutcome.Found, line.Answer!.Outcome));
        // A rejected invoice is asked of all, here as elsewhere.
        Assert.True(results.Lines[0].Answer!.Regimes.Count(r => r.Outcome != RegimeOutcome.NotAsked) > 10);
        foreach (var line in results.Lines)
        {
            Assert.Equal(1, await world.Host.CountAsync(line.Answer!.Id, RecordKind.Answered));
            // Reading is a trace of its own.
            Assert.Equal(1, await world.Host.CountAsync(line.Answer.Id, RecordKind.Read));
        }

        using var csv = await world.Host.GetAsync(batch.Links.Results + "?format=csv");
        var text = Encoding.UTF8.GetString(await csv.BytesAsync());
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Equal(3, text.TrimEnd().Split("\r\n").Length);
        Assert.Contains($";'=F1;répondue;;{results.Lines[0].Answer!.Id};".Insert(0, "1"), text, StringComparison.Ordinal);
        Assert.Contains(";ouverts;", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_table_state_medical_aid_is_open_as_base_rights_are()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { nir = world.Regimes.People.Case("ame").Nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        await world.Host.EndedAsync(batch);

        var affiliation = (await world.Host.ResultsAsync(batch)).Lines[0].Answer!.Affiliations[0];
        using var csv = await world.Host.GetAsync(batch.Links.Results + "?format=csv");

        Assert.Equal((RightState.Closed, RightState.Open), (affiliation.BaseRights.State, affiliation.Ame.State));
        var cells = Encoding.UTF8.GetString(await csv.BytesAsync()).Split("\r\n")[1].Split(';');
        Assert.Equal(["ouverts", $"{affiliation.Ame.Start:O}", $"{affiliation.Ame.End:O}"], cells[12..15]);
    }

    [Fact]
    public async Task What_was_given_is_given_and_journaled_again_only_to_who_asks_for_all()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" } });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, 10))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        var run = world.Host.Services.GetRequiredService<LineRun>();
        await run.RunAsync(batch.Id, 9, null, TestContext.Current.CancellationToken);

        var first = await world.Host.ResultsAsync(batch);
        await run.RunAsync(batch.Id, 5, null, TestContext.Current.CancellationToken);
        var second = await ResultsAsync(batch.Links.Results + "?after=" + first.Next);
        var third = await ResultsAsync(batch.Links.Results + "?after=" + second.Next);

        Assert.Equal([1, 9], Answered(first));
        Assert.Equal([5], Answered(second));
        Assert.Empty(Answered(third));
        Assert.Equal([2, 3, 4, 6, 7, 8, 10], third.Lines.Select(l => l.Line));
        Assert.False(third.Complete);
        foreach (var line in first.Lines.Concat(second.Lines).Where(l => l.Answer is not null))
            Assert.Equal(1, await world.Host.CountAsync(line.Answer!.Id, RecordKind.Read));
        using var csv = await world.Host.GetAsync(batch.Links.Results + "?format=csv&after=" + first.Next);
        Assert.Equal(9, Encoding.UTF8.GetString(await csv.BytesAsync()).TrimEnd().Split("\r\n").Length);
        Assert.Contains("after=" + second.Next + "&format=csv>; rel=\"next\"", Assert.Single(csv.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.Equal("after-unknown", (await world.Host.GetAsync(batch.Links.Results + "?after=x").ProblemAsync()).Code);

        async Task<BatchResults> ResultsAsync(string path)
        {
            using var response = await world.Host.GetAsync(path);
            return System.Text.Json.JsonSerializer.Deserialize<BatchResults>(await response.BytesAsync(), System.Text.Json.JsonSerializerOptions.Web)!;
        }

        static IEnumerable<int> Answered(BatchResults results) => results.Lines.Where(l => l.State == BatchLineState.Answered).Select(l => l.Line);
    }

    [Fact]
    public async Task The_very_same_results_are_not_given_to_the_same_person_again_at_once()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = new Dictionary<string, string?>(Quick) { ["Batches:DownloadEvery"] = "00:05:00" } });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        await world.Host.EndedAsync(batch);
        var first = await world.Host.ResultsAsync(batch);

        using (var again = await world.Host.GetAsync(batch.Links.Results))
        {
            Assert.Equal((429, TimeSpan.FromMinutes(5)), ((int)again.StatusCode, again.Headers.RetryAfter!.Delta));
            Assert.Equal("results-just-given", (await Task.FromResult(again).ProblemAsync()).Code);
        }

        Assert.Equal(1, await world.Host.CountAsync(first.Lines[0].Answer!.Id, RecordKind.Read));
        // Another form, another place, another reader, or later.
        Assert.Equal(200, await StatusAsync("?format=csv"));
        Assert.Equal(200, await StatusAsync("?after=" + first.Next));
        Assert.Equal(200, await StatusAsync("", new TestCaller { Subject = "person-2" }));
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(200, await StatusAsync(""));

        async Task<int> StatusAsync(string query, TestCaller? caller = null)
        {
            using var response = await world.Host.GetAsync(batch.Links.Results + query, caller);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Who_was_cut_before_anything_was_given_asks_again_at_once()
    {
        LeavingState? state = null;
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Settings = new Dictionary<string, string?>(Quick) { ["Batches:DownloadEvery"] = "00:05:00" },
            Services = services =>
            {
                var inner = services.Last(d => d.ServiceType == typeof(ISharedState)).ImplementationType!;
                services.AddSingleton(provider => LeavingState.Around((ISharedState)ActivatorUtilities.CreateInstance(provider, inner), out state));
            },
        });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        await world.Host.EndedAsync(batch);
        using (var leaving = new CancellationTokenSource())
        {
            state!.Leaving = leaving;
            using var request = world.Host.Request(HttpMethod.Get, batch.Links.Results);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Host.Client.SendAsync(request, leaving.Token));
        }

        await Records.UntilAsync("the service has heard that the caller left", () => state.Removed > 0);
        using var again = await world.Host.GetAsync(batch.Links.Results);
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_does_not_open_is_said_of_its_line_alone()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();
        await world.Host.EndedAsync(batch);
        await using (var db = world.Host.Journal())
        {
            // As when its key is gone.
            var consultation = db.BatchLines.Single(l => l.Line == 2).Consultation;
            await db.SealElsewhereAsync(consultation);
        }

        var results = await world.Host.ResultsAsync(batch);

        Assert.Equal([true, false, true], results.Lines.Select(l => l.Answer is not null));
        Assert.Equal((BatchLineState.Answered, "answer-unreadable"), (results.Lines[1].State, results.Lines[1].Code));
        using var csv = await world.Host.GetAsync(batch.Links.Results + "?format=csv");
        Assert.Contains("\r\n2;;répondue;answer-unreadable;", Encoding.UTF8.GetString(await csv.BytesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_its_establishments_and_cancelled_by_its_sender_alone()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "1" } });
        var (nir, colleague, other) = (world.Regimes.People.Case("cnam").Nir, new TestCaller { Subject = "person-2" }, new TestCaller { Finess = "590991014", Department = "59" });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, 12))).ProgressAsync();

        foreach (var path in (string[])[batch.Links.Self, batch.Links.Results])
        {
            Assert.Equal("batch-not-found", (await world.Host.GetAsync(path, other).ProblemAsync()).Code);
            using var read = await world.Host.GetAsync(path, colleague);
            Assert.Equal(200, (int)read.StatusCode);
        }

        Assert.Equal(404, (await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel, other)).ProblemAsync()).Status);
        Assert.Equal("batch-of-a-colleague", (await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel, colleague)).ProblemAsync()).Code);
        Assert.Equal("[]", Encoding.UTF8.GetString(await (await world.Host.GetAsync("/api/batches", colleague)).BytesAsync()));

        var cancelled = await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();

        Assert.Equal((BatchState.Cancelled, 0), (cancelled.State, cancelled.Waiting));
        Assert.InRange(cancelled.Cancelled, 6, 12);
        // Those in the queue may be asked as long as their lease counts.
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True((await world.Host.ResultsAsync(batch)).Complete);
    }

    [Fact]
    public async Task The_same_key_and_file_are_the_same_batch_and_another_file_is_a_conflict()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var file = Harness.Batches.Json([new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam" }]);
        var first = await world.Host.UploadAsync(file, key: "k-1", reason: "emergency").ProgressAsync();
        var again = await world.Host.UploadAsync(file, key: "k-1", reason: "emergency").ProgressAsync();
        var many = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Host.UploadAsync(file, key: "k-2", reason: "emergency").ProgressAsync()));

        Assert.Equal(first.Id, again.Id);
        Assert.Single(many.Select(b => b.Id).Distinct());
        Assert.Equal("key-of-another-file", (await world.Host.UploadAsync(file, key: "k-1", reason: "patient-absent").ProblemAsync()).Code);
        // Another person's key is theirs.
        Assert.NotEqual(first.Id, (await world.Host.UploadAsync(file, caller: new TestCaller { Subject = "person-2" }, key: "k-1", reason: "emergency").ProgressAsync()).Id);
    }

    [Fact]
    public async Task A_file_that_was_stored_is_accepted_even_if_the_store_falls_silent_the_next_moment()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00" }, Services = store.Register });
        store.Cuts = sql => sql.Contains("COUNT(*)", StringComparison.OrdinalIgnoreCase) && sql.Contains("GROUP BY", StringComparison.OrdinalIgnoreCase);

        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();

        Assert.Equal((BatchState.UnderWay, 3, 3, 0), (batch.State, batch.Lines, batch.Waiting, batch.Answered));
        await using var db = world.Host.Journal();
        Assert.Equal(batch.Id, db.BatchFiles.Single().Id);
    }

    [Fact]
    public async Task A_silent_regime_is_waited_for_and_then_answered_with_what_is_known()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Quick });
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        await Records.UntilAsync("it is postponed", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Postponed == 1);
        var waiting = Assert.Single((await world.Host.ResultsAsync(batch)).Lines);
        Assert.Equal((BatchLineState.Waiting, null), (waiting.State, waiting.Answer));
        Assert.InRange(waiting.NextTry!.Value - batch.AcceptedAt, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(7));

        // A message that comes again asks nothing before its time.
        await world.Host.Services.GetRequiredService<LineRun>().RunAsync(batch.Id, 1, null, TestContext.Current.CancellationToken);
        await using (var db = world.Host.Journal())
            Assert.Equal(1, db.BatchLines.Single().Tries);

        clock.Advance(TimeSpan.FromHours(24));
        await world.Host.EndedAsync(batch);

        var answer = Assert.Single((await world.Host.ResultsAsync(batch)).Lines).Answer!;
        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Equal(1, await world.Host.CountAsync(answer.Id, RecordKind.Answered));
    }

    [Fact]
    public async Task A_file_that_goes_through_numbers_waits_without_a_try_while_its_sender_is_stopped()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Settings = new Dictionary<string, string?>(Quick) { ["Fishing:Enabled"] = "true", ["Fishing:FileSequenceToStop"] = "20" },
        });
        var lines = Enumerable.Range(901, 30).Select(order => new { nir = Fishing.Town.Of(1, 1980, 5, "69123", order), regime = "cnam", reason = "patient-absent" });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(lines)).ProgressAsync();
        await Records.UntilAsync("those below the threshold are answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 19);
        await Records.UntilAsync("the others wait", () =>
        {
            using var db = world.Host.Journal();
            return Task.FromResult(db.BatchLines.Count(line => line.State == BatchLineState.Waiting && line.Tries == 0 && line.Lease == null) == 11);
        });

        Assert.Equal("batches-stopped", (await world.Host.UploadAsync(Harness.Batches.Json(lines)).ProblemAsync()).Code);
        Assert.Equal((19, 11), await world.Host.GetAsync(batch.Links.Self).ProgressAsync() is var progress ? (progress.Answered, progress.Waiting) : default);
    }

    [Fact]
    public async Task Past_its_time_a_file_is_erased_and_its_results_are_no_longer_given()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Quick });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { reference = "F1", nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        var ended = await world.Host.EndedAsync(batch);
        Assert.Equal(ended.EndedAt + TimeSpan.FromDays(30), ended.ResultsUntil);
        var consultation = (await world.Host.ResultsAsync(batch)).Lines[0].Answer!.Id;

        clock.Advance(TimeSpan.FromDays(31));
        await Records.UntilAsync("it is erased", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).State == BatchState.Erased);

        await using var db = world.Host.Journal();
        Assert.All(db.BatchLines.ToList(), line => Assert.Empty(line.Question));
        Assert.Equal("batch-erased", (await world.Host.GetAsync(batch.Links.Results).ProblemAsync()).Code);
        using var read = await world.Host.GetAsync($"/api/consultations/{consultation}");
        Assert.Equal(200, (int)read.StatusCode);
    }

    [Fact]
    public async Task A_line_run_at_once_by_many_has_one_answer()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" } });
        var lines = world.Host.Services.GetRequiredService<LineRun>();
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();

        // A message of an older lease, and one that this process has no key for yet, leave it alone.
        await lines.RunAsync(batch.Id, 2, batch.Id, TestContext.Current.CancellationToken);
        await using var db = world.Host.Journal();
        var (second, third) = (db.BatchLines.Single(line => line.Line == 2), db.BatchLines.Single(line => line.Line == 3));
        third.Question = [third.Question[0], 0xFF, 0xFE, .. third.Question[3..]];
        var sealedBefore = (byte[])db.Entry(third).OriginalValues[nameof(BatchLine.Question)]!;
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        await lines.RunAsync(batch.Id, 3, null, TestContext.Current.CancellationToken);
        await db.Entry(third).ReloadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((BatchLineState.Waiting, 0, 0), (second.State, third.Tries, second.Tries));
        Assert.Equal(BatchLineState.Waiting, third.State);
        Assert.True(third.NextTry > batch.AcceptedAt);
        (third.Question, third.NextTry) = (sealedBefore, batch.AcceptedAt);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(place => lines.RunAsync(batch.Id, place % 3 + 1, null, TestContext.Current.CancellationToken)));

        await world.Host.EndedAsync(batch);
        foreach (var line in (await world.Host.ResultsAsync(batch)).Lines)
            Assert.Equal(1, await world.Host.CountAsync(line.Answer!.Id, RecordKind.Answered));
    }

    /// <summary>The caller leaves once it is noted that they are given results, before they are.</summary>
    public class LeavingState : DispatchProxy
    {
        private ISharedState inner = null!;
        private int removed;

        public CancellationTokenSource? Leaving { get; set; }

        public int Removed => Volatile.Read(ref removed);

        public static ISharedState Around(ISharedState inner, out LeavingState state)
        {
            var made = Create<ISharedState, LeavingState>();
            state = (LeavingState)made;
            state.inner = inner;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var done = targetMethod!.Invoke(inner, args);
            var isDownload = args is [string key, ..] && key.StartsWith("cdr:batch-download:", StringComparison.Ordinal);
            return !isDownload ? done
                : targetMethod.Name == nameof(ISharedState.RemoveAsync) ? CountAsync((Task)done!)
                : Leaving is { } leaving && done is Task<bool> added ? LeaveAsync(added, leaving, (CancellationToken)args![^1]!) : done;
        }

        private async Task CountAsync(Task removing)
        {
            await removing;
            Interlocked.Increment(ref removed);
        }

        private async Task<bool> LeaveAsync(Task<bool> added, CancellationTokenSource leaving, CancellationToken heard)
        {
            var isFirst = await added;
            Leaving = null;
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, heard).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return isFirst;
        }
    }
}
