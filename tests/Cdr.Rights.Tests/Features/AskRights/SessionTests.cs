using System.Text;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Features.AskRights;

/// <summary>No regime hears of a question whose session is not alive.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task An_ended_session_is_told_so_and_asks_and_keeps_nothing(string accept)
    {
        await using var world = await RightsWorld.StartAsync();
        var caller = new TestCaller();
        world.Tokens.End(caller.Session!.Value);
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

        var problem = await world.Host.AskAsync(question, caller, accept).ProblemAsync();

        Assert.Equal((401, "session-ended"), (problem.Status, problem.Code));
        Assert.Equal(0, world.Regimes.AllCalls);
        var answer = await world.Host.AskAsync(question).AnswerAsync();
        Assert.Equal(Freshness.Live, answer.Affiliations[0].Source.Freshness);
    }

    [Fact]
    public async Task An_ended_session_gets_no_kept_answer_either()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        var caller = new TestCaller();
        world.Tokens.End(caller.Session!.Value);

        var again = await world.Host.AskAsync(question, caller).ProblemAsync();
        var cached = await world.Host.AskAsync(new { question.nir, question.reason, question.regime }, caller).ProblemAsync();

        Assert.Equal((401, 401), (again.Status, cached.Status));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task When_nobody_can_vouch_for_the_session_nothing_is_asked()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        // The keys of tokens are known from here on.
        await world.Host.AskAsync(new { nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "msa" }).AnswerAsync();
        world.Tokens.Silent = true;

        var problem = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).ProblemAsync();

        Assert.Equal((503, "session-unknown"), (problem.Status, problem.Code));
        Assert.Equal(0, world.Regimes.Calls("cnam"));
        world.Tokens.Silent = false;
        await Records.UntilAsync("questions are answered again", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync()).Outcome == ConsultationOutcome.Found);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task A_session_that_ends_while_a_regime_is_waited_for_gets_no_answer_and_what_was_asked_is_journaled(string accept)
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var caller = new TestCaller();
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var asking = world.Host.AskAsync(question, caller, accept);
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);
        world.Tokens.End(caller.Session!.Value);

        var told = Encoding.UTF8.GetString(await (await asking).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        Assert.Contains("session-ended", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Lavandier", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("found", told, StringComparison.Ordinal);
        var record = Assert.Single(await world.Host.RecordsAsync(question.id));
        Assert.Equal((RecordKind.Asked, "cnam"), (record.Kind, record.Regimes));
    }

    [Fact]
    public async Task A_stream_whose_session_ends_shows_nothing_of_the_person_after_it()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["senat"] = RegimeMode.Slow;
        var caller = new TestCaller();
        var id = Records.NewId();
        List<StreamEvent> before = [], after = [];

        await foreach (var told in world.Host.AskForEventsAsync(new { id, nir = world.Regimes.People.Case("senat").Nir, reason = "emergency", exhaustive = true }, caller))
        {
            (before.Count < 17 ? before : after).Add(told);
            // All but the Senate, and the beginning.
            if (before.Count == 17)
                world.Tokens.End(caller.Session!.Value);
        }

        Assert.DoesNotContain(before, told => told.Name == ConsultationEvents.Regime && told.State.Regime == "senat");
        var last = Assert.Single(after);
        Assert.Equal(ConsultationEvents.Problem, last.Name);
        Assert.Contains("session-ended", Encoding.UTF8.GetString(last.Data), StringComparison.Ordinal);
        var records = await world.Host.RecordsAsync(id);
        Assert.Equal(Registry.Ids.Order(), records.Where(r => r.Kind == RecordKind.Asked).SelectMany(r => r.Regimes.Split(';')).Order());
        Assert.DoesNotContain(records, r => r.Kind is RecordKind.Answered or RecordKind.Shown);
    }

    [Fact]
    public async Task No_later_wave_learns_of_a_person_once_the_session_has_ended()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var caller = new TestCaller();
        var asking = world.Host.AskAsync(new { nir = world.Regimes.People.Case("senat").Nir, reason = "emergency" }, caller).ProblemAsync();
        await Records.UntilAsync("the first wave is asked", () => world.Regimes.Calls("cnam") == 1);
        world.Tokens.End(caller.Session!.Value);

        Assert.Equal((401, "session-ended"), ((await asking).Status, (await asking).Code));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task Regimes_left_out_while_the_reader_was_in_doubt_make_nobody_unknown()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Search:HedgeAtLeast"] = "00:00:01", ["Search:HedgeAtMost"] = "00:00:01" } });
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var caller = new TestCaller();
        var copies = world.Host.Services.GetRequiredService<ISharedState>();
        var asking = world.Host.AskAsync(new { nir = world.Regimes.People.Case("senat").Nir, reason = "emergency" }, caller).ProblemAsync();
        await Records.UntilAsync("the first wave is asked", () => world.Regimes.Calls("cnam") == 1);
        await copies.SetAsync(SessionGate.Key(caller.Session!.Value.ToString()), "21"u8.ToArray(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        // The other waves begin a second after the first, and it answers after two and a half.
        await Task.Delay(TimeSpan.FromSeconds(1.6), TestContext.Current.CancellationToken);
        await copies.SetAsync(SessionGate.Key(caller.Session!.Value.ToString()), "12"u8.ToArray(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal((503, "session-unknown"), ((await asking).Status, (await asking).Code));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task Who_joins_a_question_is_judged_by_their_own_session()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var (withdrawn, again) = (new TestCaller(), new TestCaller());
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var first = world.Host.AskAsync(question, withdrawn).ProblemAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);
        var second = world.Host.AskAsync(question, again).ProblemAsync();
        world.Tokens.End(withdrawn.Session!.Value);

        Assert.Equal((401, "session-ended"), ((await first).Status, (await first).Code));
        // Not theirs that ended: they ask again.
        Assert.Equal((503, "session-unknown"), ((await second).Status, (await second).Code));
        Assert.Equal(ConsultationOutcome.Found, (await world.Host.AskAsync(question, again).AnswerAsync()).Outcome);
    }
}
