using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Cache;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>What may still be shown of a regime that went silent, and how.</summary>
public sealed class StaleTests
{
    [Fact]
    public async Task An_older_answer_of_a_silent_regime_is_shown_as_such_and_proves_nothing()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = Registry.Kept("00:00:01", "00:10:00") });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var live = await world.Host.AskAsync(question).AnswerAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;

        ConsultationAnswer answer = live;
        await Records.UntilAsync("the kept answer is no longer fresh", async () =>
            (answer = await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Stale);

        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Equal(["Cnam"], answer.Missing);
        var source = answer.Affiliations[0].Source;
        Assert.Equal(live.Affiliations[0].Source.ObtainedAt, source.ObtainedAt);
        Assert.InRange(source.AgeSeconds, 1, 60);
        Assert.Null(source.ReliableUntil);
        Assert.Equal((RegimeOutcome.Found, "failing", Freshness.Stale), (answer.Regimes[0].Outcome, answer.Regimes[0].Reason, answer.Regimes[0].Freshness));
        Assert.Contains("sans valeur de preuve", answer.Regimes[0].Message, StringComparison.Ordinal);
        Assert.Contains(answer.NextSteps, step => step.Contains("ne vaut pas preuve", StringComparison.Ordinal));

        world.Regimes.Switches["cnam"] = RegimeMode.Up;
        await Records.UntilAsync("the regime's own answer is shown again", async () =>
            (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Live);
    }

    [Theory]
    // Noon in Paris; and ten to midnight there, after which no regime lets its word be kept.
    [InlineData(11, 0, 37)]
    [InlineData(22, 50, 10)]
    public async Task An_answer_may_be_relied_upon_from_when_its_regime_gave_it_kept_or_not_and_never_past_its_day(int hour, int minute, int minutes)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, hour, minute, 0, TimeSpan.Zero));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Registry = Registry.Kept("00:37:00", "02:00:00") });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", careDate = "2026-11-20" };
        var live = (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source;

        AffiliationSource kept = live;
        await Records.UntilAsync("the kept reply is given", async () =>
            (kept = (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source).Freshness == Freshness.Cached);

        Assert.Equal(Freshness.Live, live.Freshness);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, hour, minute, 0, TimeSpan.Zero).AddMinutes(minutes), live.ReliableUntil);
        Assert.Equal((live.ObtainedAt, live.ReliableUntil), (kept.ObtainedAt, kept.ReliableUntil));
        Assert.Equal(1, world.Regimes.Calls("cnam"));
        // Its regime is asked again; silent, it is shown with its age.
        clock.Advance(TimeSpan.FromMinutes(minutes + 1));
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        Assert.Equal(Freshness.Stale, (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_regime_that_hangs_beyond_the_questions_own_time_what_was_known_before_is_shown(bool refresh)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = Registry.Kept("00:00:01", "00:10:00") + Registry.Timeout("cnam", "00:00:10"),
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:02" },
        });
        var (nir, cache) = (world.Regimes.People.Case("cnam").Nir, world.Host.Services.GetRequiredService<ReplyCache>());
        var live = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", refresh = true }).AnswerAsync();
        await Records.UntilAsync("it is kept, and no longer fresh", () => cache.Underway == 0 && TimeProvider.System.GetUtcNow() - live.AnsweredAt > TimeSpan.FromSeconds(2));
        world.Regimes.Switches["cnam"] = RegimeMode.Hanging;

        var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", refresh }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Incomplete, "À vérifier"), (answer.Outcome, answer.Headline));
        Assert.Equal(["Cnam"], answer.Missing);
        var source = Assert.Single(answer.Affiliations).Source;
        Assert.Equal((Freshness.Stale, live.Affiliations[0].Source.ObtainedAt, null), (source.Freshness, source.ObtainedAt, source.ReliableUntil));
        Assert.Equal((RegimeOutcome.Found, "timeout"), (answer.Regimes[0].Outcome, answer.Regimes[0].Reason));
    }

    [Fact]
    public async Task Past_its_time_an_older_answer_is_not_shown_any_more_however_often_it_was_asked_for()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = Registry.Kept("00:00:01", "00:00:04") });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;

        await Records.UntilAsync("nothing is shown any more", async () =>
        {
            var answer = await world.Host.AskAsync(question).AnswerAsync();
            Assert.All(answer.Affiliations, a => Assert.InRange(a.Source.AgeSeconds, 0, 4));
            return answer is { Affiliations: [], Outcome: ConsultationOutcome.Incomplete };
        });
    }

    [Fact]
    public async Task A_forced_question_to_a_silent_regime_shows_what_was_known_before()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Closed;

        var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", refresh = true }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
        Assert.Equal(Freshness.Stale, Assert.Single(answer.Affiliations).Source.Freshness);
        Assert.Equal("closed", answer.Regimes[0].Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_regime_that_is_closed_at_this_hour_what_was_known_before_is_shown_with_the_hour_asked_by_force_or_not(bool refresh)
    {
        // Eleven in Paris.
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = clock,
            Registry = Registry.Kept("01:00:00", "1.00:00:00") + Registry.Of("cnam", row => row["closedDaily"] = new JsonArray(new JsonObject { ["from"] = "12:00", ["to"] = "14:30" })),
        });
        var (nir, cache) = (world.Regimes.People.Case("cnam").Nir, world.Host.Services.GetRequiredService<ReplyCache>());
        await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("it is kept", () => cache.Underway == 0);
        clock.Advance(TimeSpan.FromMinutes(90));

        var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", refresh }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Incomplete, 1), (answer.Outcome, world.Regimes.AllCalls));
        Assert.Equal(Freshness.Stale, Assert.Single(answer.Affiliations).Source.Freshness);
        Assert.Equal("closedNow", answer.Regimes[0].Reason);
        Assert.Contains("Le régime Cnam ne répond pas à cette heure : redemandez à partir de 14:30 (heure de Paris).", answer.NextSteps);
    }
}
