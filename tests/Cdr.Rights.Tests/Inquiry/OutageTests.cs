using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>An outage is never absence of rights.</summary>
public sealed class OutageTests(OutageTests.Impatient impatient) : IClassFixture<OutageTests.Impatient>
{
    private const string Nobody = "1850575113999";

    private RightsHost Host => impatient.World.Host;

    private RegimeBackEnds Regimes => impatient.World.Regimes;

    public static TheoryData<RegimeMode, string> Outages => new()
    {
        { RegimeMode.Slow, "timeout" },
        { RegimeMode.Failing, "failing" },
        { RegimeMode.Garbage, "unreadable" },
        { RegimeMode.Hanging, "timeout" },
        { RegimeMode.Closed, "closed" },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_silent_chosen_regime_makes_the_answer_incomplete_and_is_named(RegimeMode mode, string reason)
    {
        Regimes.Switches["cnam"] = mode;

        var answer = await Host.AskAsync(new { nir = Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        AssertIncomplete(answer);
        Assert.Equal((RegimeOutcome.Unavailable, reason), (answer.Regimes[0].Outcome, answer.Regimes[0].Reason));
        Assert.Null(answer.Regimes[0].Freshness);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_person_nobody_else_knows_is_incomplete_and_never_not_found(RegimeMode mode, string reason)
    {
        Regimes.Switches["cnam"] = mode;

        var answer = await Host.AskAsync(new { nir = Nobody, reason = "emergency" }).AnswerAsync();

        AssertIncomplete(answer);
        Assert.Equal(reason, answer.Regimes.Single(r => r.Regime == "cnam").Reason);
        Assert.Equal(16, answer.Regimes.Count(r => r.Outcome == RegimeOutcome.Unknown));
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task A_person_found_elsewhere_is_found_and_the_silent_one_is_named(RegimeMode mode, string reason)
    {
        Regimes.Switches["cnam"] = mode;
        var nir = Regimes.People.Case("msa").Nir;

        var answer = await Host.AskAsync(new { nir, reason = "emergency", exhaustive = true }).AnswerAsync();
        var rejected = await Host.AskAsync(new { nir, reason = "invoice-rejected" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "Droits ouverts"), (answer.Outcome, answer.Headline));
        Assert.Equal(["Cnam"], answer.Missing);
        Assert.Contains("Cnam n'a pas pu répondre", answer.Explanation, StringComparison.Ordinal);
        Assert.Equal(reason, answer.Regimes.Single(r => r.Regime == "cnam").Reason);
        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (rejected.Outcome, rejected.Headline));
    }

    [Fact]
    public async Task Closed_rights_beside_a_silent_regime_are_incomplete()
    {
        Regimes.Switches["cnam"] = RegimeMode.Failing;
        // Known to CPRPF with closed rights, open at Cnam.
        var nir = Regimes.People.Cases.Single(c => c.Title == "Parti d'un régime qui ne sait pas où").Nir;

        var answer = await Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();

        AssertIncomplete(answer);
        Assert.Equal(RightState.Closed, Assert.Single(answer.Affiliations).BaseRights.State);
    }

    [Fact]
    public async Task Candidates_beside_a_silent_regime_are_still_to_be_picked_and_it_is_named()
    {
        Regimes.Switches["cnam"] = RegimeMode.Failing;

        var answer = await Host.AskAsync(new { nir = Regimes.People.Case("twins-msa").Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Candidates, answer.Outcome);
        Assert.Equal(["Cnam"], answer.Missing);
    }

    [Fact]
    public async Task An_outage_is_never_kept()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        AssertIncomplete(await world.Host.AskAsync(question).AnswerAsync());

        world.Regimes.Switches["cnam"] = RegimeMode.Up;
        var answer = await world.Host.AskAsync(question).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, Freshness.Live), (answer.Outcome, answer.Affiliations[0].Source.Freshness));
    }

    private static void AssertIncomplete(ConsultationAnswer answer)
    {
        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Equal(["Cnam"], answer.Missing);
        Assert.Contains("Cnam", answer.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Regimes, r => r.Regime == "cnam" && r.Outcome == RegimeOutcome.Unknown);
    }

    /// <summary>Cnam is waited for half a second only.</summary>
    public sealed class Impatient : IAsyncLifetime
    {
        internal RightsWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await RightsWorld.StartAsync(new WorldSetup { Registry = Registry.Timeout("cnam", "00:00:00.500") });

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
