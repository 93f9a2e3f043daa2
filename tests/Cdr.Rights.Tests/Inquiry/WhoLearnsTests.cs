using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>The journal names the regimes that learnt of the person, and no others.</summary>
public sealed class WhoLearnsTests
{
    [Fact]
    public async Task Regimes_left_alone_closed_or_answered_for_by_what_is_kept_are_not_named()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = Interrupted("enim"),
            Settings = new Dictionary<string, string?> { ["Regimes:CircuitMinimumCalls"] = "2", ["Regimes:CircuitBreak"] = "00:10:00" },
        });
        var nir = world.Regimes.People.Case("mgen").Nir;
        await Records.UntilAsync("what MSA says is kept", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "msa" }).AnswerAsync()).Regimes[0].Freshness == Freshness.Cached);
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        await Records.UntilAsync("Cnam is left alone", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync()).Regimes[0].Reason == "circuitOpen");
        var before = Registry.Ids.ToDictionary(id => id, world.Regimes.Calls);
        var id = Records.NewId();

        var answer = await world.Host.AskAsync(new { id, nir, reason = "emergency", exhaustive = true }).AnswerAsync();

        var called = Registry.Ids.Where(regime => world.Regimes.Calls(regime) > before[regime]).Order().ToList();
        Assert.Equal(Registry.Ids.Except(["cnam", "msa", "enim"]).Order(), called);
        Assert.Equal(called, await world.Host.LearntAsync(id));
        // Nor is a call counted that was not made.
        Assert.Equal(("circuitOpen", 0), (answer.Regimes.Single(r => r.Regime == "cnam").Reason, answer.Regimes.Single(r => r.Regime == "cnam").Milliseconds));
        Assert.Contains("cnam:5:0", Assert.Single(await world.Host.RecordsAsync(id), r => r.Kind == RecordKind.Answered).Regimes.Split(';'));
    }

    [Fact]
    public async Task Of_two_identical_questions_the_one_that_was_asked_names_the_regime()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var (first, second) = (Records.NewId(), Records.NewId());
        var nir = world.Regimes.People.Case("cnam").Nir;
        var asking = world.Host.AskAsync(new { id = first, nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        var joined = await world.Host.AskAsync(new { id = second, nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal((Freshness.Cached, 1), (joined.Affiliations[0].Source.Freshness, world.Regimes.Calls("cnam")));
        await asking;
        Assert.Equal(["cnam"], await world.Host.LearntAsync(first));
        Assert.Empty(await world.Host.LearntAsync(second));
    }

    [Fact]
    public async Task Regimes_beyond_their_limits_are_not_named()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = row => row["limits"]!["concurrency"] = 1 });
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var busy = world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);
        var id = Records.NewId();

        var answer = await world.Host.AskAsync(new { id, nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(("busy", 0), (answer.Regimes[0].Reason, answer.Regimes[0].Milliseconds));
        Assert.Empty(await world.Host.LearntAsync(id));
        await busy;
        Assert.Equal(1, world.Regimes.Calls("cnam"));
    }

    [Fact]
    public async Task A_question_that_joined_another_ones_call_counts_no_time_of_it()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = Registry.Timeout("cnam", "00:00:03") });
        world.Regimes.Switches["cnam"] = RegimeMode.Hanging;
        var nir = world.Regimes.People.Case("cnam").Nir;
        var asking = world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        var joined = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(("timeout", 0, 1), (joined.Regimes[0].Reason, joined.Regimes[0].Milliseconds, world.Regimes.Calls("cnam")));
        Assert.InRange((await asking).Regimes[0].Milliseconds, 2900, 60_000);
    }

    [Fact]
    public async Task At_the_end_of_its_time_a_question_says_how_long_each_regime_had_and_none_for_whom_it_did_not_call()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = row => row["limits"]!["timeout"] = "00:00:18",
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:04", ["Search:HedgeAtLeast"] = "00:00:01.500", ["Search:HedgeAtMost"] = "00:00:01.500" },
        });
        (world.Regimes.Switches["cnam"], world.Regimes.Switches["msa"]) = (RegimeMode.Hanging, RegimeMode.Hanging);
        var nir = world.Regimes.People.Case("closed").Nir;
        var asking = world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        var answer = await world.Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();

        var (cnam, msa) = (answer.Regimes.Single(r => r.Regime == "cnam"), answer.Regimes.Single(r => r.Regime == "msa"));
        Assert.Equal(("timeout", 0, "timeout"), (cnam.Reason, cnam.Milliseconds, msa.Reason));
        // Called when the first wave had taken too long.
        Assert.InRange(msa.Milliseconds, 1, 3000);
        Assert.InRange((await asking).Regimes[0].Milliseconds, 3500, 60_000);
    }

    [Fact]
    public async Task Once_its_time_is_over_no_other_regime_learns_of_the_person_and_what_is_kept_is_still_looked_at()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = Registry.Timeout("cnam", "00:00:18"),
            Clock = new EarlyTimers(),
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:04" },
        });
        var nir = world.Regimes.People.Case("closed").Nir;
        await Records.UntilAsync("what MSA says is kept", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "msa" }).AnswerAsync()).Regimes[0].Freshness == Freshness.Cached);
        world.Regimes.Switches["cnam"] = RegimeMode.Hanging;
        var id = Records.NewId();

        var answer = await world.Host.AskAsync(new { id, nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal(("timeout", RegimeOutcome.Unknown), (State("cnam").Reason, State("msa").Outcome));
        Assert.Equal((1, 1, 2), (world.Regimes.Calls("cnam"), world.Regimes.Calls("msa"), world.Regimes.AllCalls));
        Assert.Equal(["cnam"], await world.Host.LearntAsync(id));
        var others = answer.Regimes.Where(r => r.Regime is not ("cnam" or "msa")).ToList();
        Assert.All(others, r => Assert.Equal((RegimeOutcome.NotAsked, "noTimeLeft", 0), (r.Outcome, r.Reason, r.Milliseconds)));
        // One of them may know the person.
        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Equal(others.Select(r => r.Name).Prepend("Cnam").Order(), answer.Missing.Order());
        Assert.Contains(answer.NextSteps, step => step.StartsWith("Redemandez dans quelques minutes", StringComparison.Ordinal));

        RegimeState State(string regime) => answer.Regimes.Single(r => r.Regime == regime);
    }

    [Fact]
    public async Task A_call_of_another_question_that_was_overtaken_is_no_call_of_this_one()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = row => row["limits"]!["timeout"] = "00:00:10",
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:20", ["Search:HedgeAtLeast"] = "00:00:00.020", ["Search:HedgeAtMost"] = "00:00:00.050" },
        });
        world.Regimes.Switches["cnam"] = RegimeMode.Hanging;
        var nir = world.Regimes.People.Case("msa").Nir;
        var asking = world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        var answer = await world.Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();

        var cnam = answer.Regimes.Single(r => r.Regime == "cnam");
        Assert.Equal(("notAwaited", 0, 1), (cnam.Reason, cnam.Milliseconds, world.Regimes.Calls("cnam")));
        await asking;
    }

    [Fact]
    public async Task Names_whose_record_failed_are_written_when_the_question_ends_with_nobody_else_called()
    {
        FailingOnce? store = null;
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            // A slow answer is near the usual timeout, and this machine may be busy.
            Registry = Registry.Timeout("cnam", "00:00:18"),
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:20" },
            Services = services =>
            {
                var inner = services.Last(d => d.ServiceType == typeof(IJournalStore)).ImplementationType!;
                services.Replace(ServiceDescriptor.Singleton<IJournalStore>(provider => store = new FailingOnce((IJournalStore)ActivatorUtilities.CreateInstance(provider, inner))));
            },
        });
        // Slow: its « asked » record is alone, and the answer's comes after it.
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var id = Records.NewId();

        var answer = await world.Host.AskAsync(new { id, nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal(1, store!.Failed);
        await Records.UntilAsync("who learnt is written", async () => (await AskedAsync(world, id)).Count > 0);
        Assert.Equal(["cnam"], await AskedAsync(world, id));
    }

    /// <summary>The first commit with an « asked » record fails.</summary>
    private sealed class FailingOnce(IJournalStore inner) : IJournalStore
    {
        private int failed;

        public int Failed => failed;

        public Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken) =>
            records.Any(r => r.Kind == RecordKind.Asked) && Interlocked.CompareExchange(ref failed, 1, 0) == 0
                ? throw new TimeoutException()
                : inner.CommitAsync(batch, records, cancellationToken);
    }

    private static async Task<List<string>> AskedAsync(RightsWorld world, Guid consultation) =>
        [.. (await world.Host.RecordsAsync(consultation)).Where(r => r.Kind == RecordKind.Asked).SelectMany(r => r.Regimes.Split(';')).Order()];

    private static Action<JsonObject> Interrupted(string regime) => row =>
    {
        var now = TimeProvider.System.GetUtcNow();
        if (row["id"]!.GetValue<string>() == regime)
            row["downtime"] = new JsonArray(new JsonObject { ["from"] = now.AddHours(-1), ["to"] = now.AddHours(5) });
    };

    /// <summary>The machine's timers count by another clock than the hour's, and end some milliseconds before it now and then: here always.</summary>
    private sealed class EarlyTimers : TimeProvider
    {
        private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(18);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > Early ? dueTime - Early : dueTime, period);
    }
}
