using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Fishing;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>Over HTTP, with real questions: what who is stopped is told, who hears of it, and how it is lifted.</summary>
public sealed class CaseTests(TestServers servers)
{
    private static readonly TestCaller Scanner = new() { Subject = "scanner", Unit = "URG" };
    private static readonly TestCaller Operations = new() { Subject = "operator", Role = CdrRoles.Operations, Finess = null };

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Who_is_stopped_is_told_what_to_do_next_and_operations_see_it_and_lift_it(string accept)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var overheard = new Overheard();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync(), Logs = overheard, Settings = NoWait });
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        for (var order = 901; order < 912; order++)
        {
            using var answer = await world.Host.AskAsync(order == 901 ? Question(order, id) : Question(order), Scanner, accept);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var stopped = await world.Host.AskAsync(Question(912), Scanner, accept);

        Assert.Equal(HttpStatusCode.TooManyRequests, stopped.StatusCode);
        Assert.InRange(stopped.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        using var problem = JsonDocument.Parse(await stopped.Content.ReadAsStringAsync(cancel));
        Assert.Equal("urn:cdr:problem:consultations-stopped", problem.RootElement.GetProperty("type").GetString());
        Assert.Contains("hotline", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Nor does it send a file; the answers that it was given stay its own.
        using (var file = await world.Host.UploadAsync(Harness.Batches.Json([Question(920)]), caller: Scanner))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, file.StatusCode);
            Assert.NotNull(file.Headers.RetryAfter);
        }

        using (var given = await world.Host.AskAsync(Question(901, id), Scanner, accept))
        {
            Assert.Equal(HttpStatusCode.OK, given.StatusCode);
            Assert.Contains(id.ToString(), await given.Content.ReadAsStringAsync(cancel), StringComparison.Ordinal);
        }

        // Others of the house ask on.
        using (var other = await world.Host.AskAsync(Question(913), new TestCaller { Subject = "colleague" }))
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        IReadOnlyList<FishingCase> cases = [];
        await Records.UntilAsync("both cases are written", async () => (cases = await CasesAsync(world)).Count == 2);
        var last = cases[0];
        Assert.Equal(("scanner", "750712184", "URG", "sequence", "stopped", "card", "open"), (last.Subject, last.Establishment, last.Unit, last.Sign, last.Level, last.Scope, last.State));
        Assert.Equal("slowed", cases[1].Level);

        Assert.Equal((400, "lift-reason-missing"), await world.Host.SendAsync(Lift(world, last.Id, null)).ProblemAsync() is var unsaid ? (unsaid.Status, unsaid.Code) : default);
        Assert.Equal((400, "lift-reason-missing"), await world.Host.SendAsync(Lift(world, last.Id, "he is a nice man")).ProblemAsync() is var unknown ? (unknown.Status, unknown.Code) : default);
        using (var lifted = await world.Host.SendAsync(Lift(world, last.Id)))
            Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        using (var again = await world.Host.AskAsync(Question(914), Scanner, accept))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var after = (await CasesAsync(world)).Single(one => one.Id == last.Id);
        Assert.Equal(("lifted", "operator", FishingLift.ActivityVerified), (after.State, after.LiftedBy, after.LiftReason));
        Assert.Contains("sequence", overheard.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("1800569123", overheard.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lift_of_which_other_processes_have_not_heard_says_so()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = NoWait, Redis = "127.0.0.1:1" });
        for (var order = 901; order < 913; order++)
        {
            using var answer = await world.Host.AskAsync(Question(order), Scanner);
        }

        IReadOnlyList<FishingCase> cases = [];
        await Records.UntilAsync("both cases are written", async () => (cases = await CasesAsync(world)).Count == 2);
        var problem = await world.Host.SendAsync(Lift(world, cases[0].Id)).ProblemAsync();

        Assert.Equal((503, "lift-not-shared"), (problem.Status, problem.Code));
        // Here it holds, and is in the journal.
        using var again = await world.Host.AskAsync(Question(914), Scanner);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("lifted", (await CasesAsync(world)).Single(one => one.Id == cases[0].Id).State);
    }

    /// <summary>A bad day has more cases than a page: none of them is left out unsaid, and a lift is known however long after its case it came.</summary>
    [Fact]
    public async Task All_cases_of_the_month_are_read_a_page_at_a_time()
    {
        await using var world = await RightsWorld.StartAsync();
        var (now, caller) = (TimeProvider.System.GetUtcNow(), Desk.CallerOf("scanner", "690781810"));
        List<Guid> written = [];
        await using (var db = world.Host.Journal())
        {
            for (var n = 0; n < 450; n++)
            {
                var at = now.AddHours(-n - 1);
                var record = FishingCases.Record(caller, Sign.Sequence, Level.Stopped, at, at.AddMinutes(30), ofCard: true);
                (record.Journal, record.Batch, record.Position) = (Guid.CreateVersion7(now), 1, n);
                written.Add(record.Id);
                db.Records.Add(record);
            }

            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using (var lifted = await world.Host.SendAsync(Lift(world, written[^1])))
            Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);

        List<FishingCase> read = [];
        var pages = 0;
        for (Guid? before = null; pages == 0 || before is not null; pages++)
        {
            var page = await PageAsync(world, before);
            read.AddRange(page.Cases);
            before = page.Earlier;
        }

        Assert.Equal(3, pages);
        Assert.Equal(written, read.Select(one => one.Id));
        Assert.Equal(["lifted"], read.Where(one => one.State != "ended").Select(one => one.State));
        Assert.Equal(written[^1], read.Single(one => one.State == "lifted").Id);
    }

    [Fact]
    public async Task A_case_that_the_journal_refused_is_written_once_it_answers()
    {
        var silent = new SilentJournal();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = NoWait, Services = silent.Register });
        var desk = new Desk(world.Host, "scanner");
        silent.IsSilent = true;
        foreach (var order in Enumerable.Range(901, 12))
            desk.AskNir(Town.Of(1, 1980, 5, "69123", order));
        await Records.UntilAsync("both were refused", () => silent.Refused >= 2);
        silent.IsSilent = false;

        await Records.UntilAsync("they are written", async () => (await CasesAsync(world)).Count == 2);
        await using var db = world.Host.Journal();
        Assert.Equal(2, db.Records.Count(r => r.Consultation == FishingCases.All));
    }

    [Fact]
    public async Task In_fhir_a_stop_is_an_outcome_that_says_throttled()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = NoWait });
        for (var order = 901; order < 913; order++)
        {
            using var answer = await world.Host.AskAsync(Question(order), Scanner);
        }

        using var request = world.Host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit", Scanner);
        request.Content = new StringContent(
            """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["validation"],"created":"2026-11-25","insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"1800569123920"}}}""",
            System.Text.Encoding.UTF8, "application/fhir+json");
        using var stopped = await world.Host.SendAsync(request);

        Assert.Equal(HttpStatusCode.TooManyRequests, stopped.StatusCode);
        Assert.NotNull(stopped.Headers.RetryAfter);
        Assert.Contains("\"throttled\"", await stopped.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> NoWait => new(Guarded.Settings) { ["Fishing:Pace"] = "00:00:00.100" };

    private static HttpRequestMessage Lift(RightsWorld world, Guid id, string? reason = FishingLift.ActivityVerified)
    {
        var request = world.Host.Request(HttpMethod.Post, $"/api/fishing/cases/{id}/lift", Operations);
        request.Content = JsonContent.Create(new FishingLift(reason));
        return request;
    }

    private static object Question(int order) => new { nir = Town.Of(1, 1980, 5, "69123", order), reason = "patient-absent", regime = "cnam" };

    private static object Question(int order, Guid id) => new { id, nir = Town.Of(1, 1980, 5, "69123", order), reason = "patient-absent", regime = "cnam" };

    private static async Task<IReadOnlyList<FishingCase>> CasesAsync(RightsWorld world) => (await PageAsync(world)).Cases;

    private static async Task<FishingCasePage> PageAsync(RightsWorld world, Guid? before = null)
    {
        using var response = await world.Host.GetAsync("/api/fishing/cases" + (before is { } id ? $"?before={id}" : ""), Operations with { Role = CdrRoles.DataProtection, Subject = "officer" });
        return (await response.Content.ReadFromJsonAsync<FishingCasePage>(TestContext.Current.CancellationToken))!;
    }

    private sealed class SilentJournal : IJournalStore
    {
        private IJournalStore? inner;
        private int refused;

        public bool IsSilent { get; set; }

        public int Refused => Volatile.Read(ref refused);

        public void Register(IServiceCollection services)
        {
            var real = services.Last(d => d.ServiceType == typeof(IJournalStore)).ImplementationType!;
            services.AddSingleton<IJournalStore>(provider =>
            {
                inner = (IJournalStore)ActivatorUtilities.CreateInstance(provider, real);
                return this;
            });
        }

        public Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
        {
            if (!IsSilent)
                return inner!.CommitAsync(batch, records, cancellationToken);
            Interlocked.Add(ref refused, records.Count);
            throw new TimeoutException();
        }
    }
}
