using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Search;

/// <summary>A person is looked for where they likely are, and few regimes learn of them.</summary>
public sealed class WavesTests : IAsyncLifetime
{
    private RightsWorld world = null!;

    public async ValueTask InitializeAsync() => world = await RightsWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task The_search_ends_with_the_first_open_right_and_says_who_was_not_asked()
    {
        var answer = await AskAsync("mgen");

        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts", "mgen"), (answer.Outcome, answer.Headline, Assert.Single(answer.Affiliations).Source.Regime));
        Assert.Equal(Registry.Ids, answer.Regimes.Select(r => r.Regime));
        Assert.Equal(world.Regimes.AllCalls, answer.Regimes.Count(r => r.Outcome != RegimeOutcome.NotAsked));
        Assert.InRange(world.Regimes.AllCalls, 2, 3);
        Assert.All(answer.Regimes.Where(r => r.Outcome == RegimeOutcome.NotAsked), r => Assert.Equal("notNeeded", r.Reason));
        Assert.Empty(answer.Missing);
        Assert.Contains($"{17 - world.Regimes.AllCalls} régimes n'ont pas été interrogés", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_likeliest_regime_alone_is_asked_first_and_the_one_that_knew_the_person_the_next_time()
    {
        await AskAsync("cnam");
        Assert.Equal((1, 1), (world.Regimes.Calls("cnam"), world.Regimes.AllCalls));
        await AskAsync("senat");
        var calls = world.Regimes.AllCalls;

        var again = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("senat").Nir, reason = "emergency", refresh = true }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, calls + 1), (again.Outcome, world.Regimes.AllCalls));
    }

    [Fact]
    public async Task Closed_rights_do_not_end_the_search()
    {
        // Known to Cnam alone, whose answer comes first.
        var closed = await AskAsync("closed");

        Assert.Equal((ConsultationOutcome.Found, RightState.Closed), (closed.Outcome, Assert.Single(closed.Affiliations).BaseRights.State));
        Assert.Equal(17, world.Regimes.AllCalls);
        Assert.Equal(16, closed.Regimes.Count(r => r.Outcome == RegimeOutcome.Unknown));
        Assert.DoesNotContain("n'ont pas été interrogés", closed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_regime_that_names_another_is_followed_at_once()
    {
        var answer = await AskAsync("moved");

        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts", "msa"), (answer.Outcome, answer.Headline, answer.Affiliations[0].Source.Regime));
        Assert.Equal((1, 1, 2), (world.Regimes.Calls("cnam"), world.Regimes.Calls("msa"), world.Regimes.AllCalls));
        Assert.Equal(RegimeOutcome.Moved, answer.Regimes.Single(r => r.Regime == "cnam").Outcome);
    }

    [Fact]
    public async Task A_regime_that_names_a_silent_one_makes_the_answer_incomplete()
    {
        world.Regimes.Switches["msa"] = RegimeMode.Failing;

        var answer = await AskAsync("moved");

        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Equal(["MSA"], answer.Missing);
        Assert.Contains("Demandez au régime MSA.", answer.NextSteps);
    }

    [Fact]
    public async Task Two_affiliations_are_seen_by_who_asks_for_all_and_for_a_rejected_invoice()
    {
        var nir = world.Regimes.People.Case("two-regimes").Nir;

        var first = await world.Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();
        var all = await world.Host.AskAsync(new { nir, reason = "emergency", exhaustive = true }).AnswerAsync();
        var rejected = await world.Host.AskAsync(new { nir, reason = "invoice-rejected", regime = "cnam" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (first.Outcome, first.Headline));
        Assert.Equal((ConsultationOutcome.Several, ConsultationOutcome.Several), (all.Outcome, rejected.Outcome));
    }

    [Fact]
    public async Task By_names_every_able_regime_is_asked_since_a_homonym_may_be_elsewhere()
    {
        var answer = await world.Host.AskAsync(new { names = new { familyName = "Lavandier", givenName = "Camille" }, birthDate = "1984-05-12", reason = "emergency" }).AnswerAsync();

        Assert.DoesNotContain(answer.Regimes, r => r.Reason == "notNeeded");
        // Each once; one that was slow to answer may have been asked again.
        Assert.Equal(13, world.Regimes.Switches.Regimes.Count(regime => world.Regimes.Calls(regime) > 0));
    }

    [Fact]
    public async Task A_family_to_pick_from_ends_the_search_and_the_picked_one_is_searched_on_when_closed()
    {
        var nir = world.Regimes.People.Case("twins-msa").Nir;
        var list = await world.Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();
        Assert.Equal(ConsultationOutcome.Candidates, list.Outcome);
        Assert.InRange(world.Regimes.AllCalls, 2, 3);
        Assert.Contains("n'ont pas été interrogés", list.Explanation, StringComparison.Ordinal);
        var calls = world.Regimes.AllCalls;

        // Before anybody was born: nothing is open.
        var picked = await world.Host.AskAsync(new { candidate = list.Candidates[0].Reference, reason = "emergency", careDate = "1991-01-01" }).AnswerAsync();

        // Regimes without past dates could not be asked.
        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (picked.Outcome, picked.Headline));
        Assert.DoesNotContain(picked.Regimes, r => r.Reason == "notNeeded");
        Assert.True(world.Regimes.AllCalls > calls + 10);
    }

    [Fact]
    public async Task A_wave_is_noted_before_it_is_asked_and_names_nobody_else()
    {
        var id = Records.NewId();
        await world.Host.AskAsync(new { id, nir = world.Regimes.People.Case("mgen").Nir, reason = "emergency" }).AnswerAsync();

        var asked = await world.Host.LearntAsync(id);

        Assert.Equal(world.Regimes.AllCalls, asked.Count);
        Assert.Contains("mgen", asked);
    }

    [Theory]
    [InlineData(RegimeMode.Hanging)]
    [InlineData(RegimeMode.Slow)]
    public async Task A_regime_slower_than_usual_is_overtaken_and_named(RegimeMode mode)
    {
        await using var hasty = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = Registry.Timeout("cnam", "00:00:18"),
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:20", ["Search:HedgeAtLeast"] = "00:00:00.020", ["Search:HedgeAtMost"] = "00:00:00.050" },
        });
        hasty.Regimes.Switches["cnam"] = mode;

        var answer = await hasty.Host.AskAsync(new { nir = hasty.Regimes.People.Case("msa").Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (answer.Outcome, answer.Headline));
        var cnam = answer.Regimes.Single(r => r.Regime == "cnam");
        // Slow and not hanging, it may have been heard on a machine slower still.
        if (mode == RegimeMode.Slow && cnam.Outcome == RegimeOutcome.Unknown)
            return;
        Assert.Equal((RegimeOutcome.Unavailable, "notAwaited"), (cnam.Outcome, cnam.Reason));
        Assert.Contains("Cnam", answer.Missing);
        // It was not heard: nothing says that it could not answer.
        Assert.Contains(answer.Regimes.Count(r => r.Reason == "notAwaited") == 1 ? "Le régime Cnam n'avait pas encore répondu." : "n'avaient pas encore répondu.", answer.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("pas pu répondre", answer.Explanation, StringComparison.Ordinal);
        Assert.Equal("N'avait pas encore répondu quand la recherche s'est arrêtée.", cnam.Message);
    }

    [Fact]
    public async Task An_instance_may_refuse_to_search_and_an_invoice_then_stays_incomplete()
    {
        var host = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Enabled"] = "false" });
        var nir = world.Regimes.People.Case("cnam").Nir;

        var problem = await host.AskAsync(new { nir, reason = "emergency" }).ProblemAsync();
        var chosen = await host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var rejected = await host.AskAsync(new { nir, reason = "invoice-rejected", regime = "cnam" }).AnswerAsync();

        Assert.Equal((400, "regime-required", "regime"), (problem.Status, problem.Code, problem.Field));
        Assert.Equal("Droits ouverts", chosen.Headline);
        Assert.Equal((ConsultationOutcome.Incomplete, 16), (rejected.Outcome, rejected.Regimes.Count(r => r.Reason == "searchOff")));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task An_instance_may_always_search_everywhere()
    {
        var host = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Policy"] = "exhaustive" });

        var answer = await host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, 17), (answer.Outcome, world.Regimes.AllCalls));
    }

    [Fact]
    public async Task Without_its_index_the_search_finds_the_same_and_remembers_nothing()
    {
        var host = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Index"] = "false" });
        var question = new { nir = world.Regimes.People.Case("senat").Nir, reason = "emergency", refresh = true };

        var first = await host.AskAsync(question).AnswerAsync();
        var calls = world.Regimes.AllCalls;
        var second = await host.AskAsync(question).AnswerAsync();

        Assert.Equal(("senat", "senat"), (first.Affiliations[0].Source.Regime, second.Affiliations[0].Source.Regime));
        Assert.Equal(2 * calls, world.Regimes.AllCalls);
    }

    private Task<ConsultationAnswer> AskAsync(string person) => world.Host.AskAsync(new { nir = world.Regimes.People.Case(person).Nir, reason = "emergency" }).AnswerAsync();
}
