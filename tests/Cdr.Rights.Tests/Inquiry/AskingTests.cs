using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>Questions that regimes can answer.</summary>
public sealed class AskingTests : IAsyncLifetime
{
    private RightsWorld world = null!;

    public async ValueTask InitializeAsync() => world = await RightsWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_person_known_to_the_chosen_regime_is_found_with_open_rights()
    {
        var person = world.Regimes.People.Case("cnam");

        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal("Droits ouverts", answer.Headline);
        var affiliation = Assert.Single(answer.Affiliations);
        Assert.Equal(RightState.Open, affiliation.BaseRights.State);
        Assert.Equal("LAVANDIER", affiliation.Beneficiary.FamilyName, ignoreCase: true);
        Assert.Equal(["cnam"], answer.Regimes.Select(r => r.Regime));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task An_exhaustive_question_asks_all_seventeen_and_one_finds_the_person()
    {
        var person = world.Regimes.People.Case("mgen");

        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", exhaustive = true }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal(17, answer.Regimes.Count);
        Assert.Equal(Registry.Ids, answer.Regimes.Select(r => r.Regime));
        Assert.Equal("mgen", Assert.Single(answer.Affiliations).Source.Regime);
        Assert.Equal(16, answer.Regimes.Count(r => r.Outcome == RegimeOutcome.Unknown));
        Assert.All(answer.Regimes, r => Assert.Equal(Freshness.Live, r.Freshness));
        Assert.Empty(answer.Missing);
    }

    [Fact]
    public async Task A_person_nobody_knows_is_not_found_and_the_words_prove_nothing()
    {
        var person = world.Regimes.People.Cases.Single(c => c.Questions.Any(q => q.Outcome == CaseOutcome.Unknown && q.Regime is null));

        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.NotFound, answer.Outcome);
        Assert.Equal("À vérifier", answer.Headline);
        Assert.Contains("ne prouve pas l'absence de droits", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_names_regimes_that_cannot_search_say_so_and_the_others_answer()
    {
        var person = world.Regimes.People.Case("msa").Families[0].Person;

        var answer = await world.Host.AskAsync(new
        {
            names = new { familyName = "sorbier ", givenName = "BASTIEN" }, birthDate = "03/11/1979", reason = "emergency",
        }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal(person.Nir, Assert.Single(answer.Affiliations).Beneficiary.Nir);
        Assert.Equal(["assemblee-nationale", "ccas-ratp", "mgp", "senat"], answer.Regimes.Where(r => r.Reason == "noSearchByName").Select(r => r.Regime).Order());
        Assert.Empty(answer.Missing);
    }

    [Fact]
    public async Task Several_beneficiaries_are_candidates_and_the_picked_one_is_found()
    {
        var twins = world.Regimes.People.Case("twins-msa");

        var list = await world.Host.AskAsync(new { nir = twins.Nir, reason = "emergency", regime = "msa" }).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Candidates, list.Outcome);
        var rozenn = Assert.Single(list.Candidates, c => c.GivenName.Equals("Rozenn", StringComparison.OrdinalIgnoreCase));
        var answer = await world.Host.AskAsync(new { candidate = rozenn.Reference, reason = "emergency" }).AnswerAsync();
        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal(["msa"], answer.Regimes.Where(r => r.Outcome != RegimeOutcome.NotAsked).Select(r => r.Regime));
        Assert.Equal("Rozenn", answer.Affiliations[0].Beneficiary.GivenName, ignoreCase: true);
        Assert.Equal(4, answer.Affiliations[0].Beneficiary.BirthRank);
    }

    [Fact]
    public async Task Homonyms_are_candidates_without_their_numbers_until_picked()
    {
        var homonyms = world.Regimes.People.Case("homonyms");
        var question = new { names = new { familyName = "Giroflée", givenName = "Marie" }, birthDate = "1966-04-25", reason = "emergency" };

        using var response = await world.Host.AskAsync(question);

        var body = await response.BytesAsync();
        var list = Reading.Answer(body);
        Assert.Equal(ConsultationOutcome.Candidates, list.Outcome);
        Assert.Equal(2, list.Candidates.Count);
        Assert.DoesNotContain(homonyms.Families[0].Nir, System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        var picked = await Task.WhenAll(list.Candidates.Select(c => world.Host.AskAsync(new { candidate = c.Reference, reason = "emergency" }).AnswerAsync()));
        Assert.Equal(homonyms.Families.Select(f => f.Nir).Order(), picked.Select(a => a.Affiliations[0].Insured.Nir).Order());
    }

    [Fact]
    public async Task The_rights_are_those_of_the_care_date()
    {
        var person = world.Regimes.People.Cases.Single(c => c.Title == "Droits fermés");

        var then = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam", careDate = "31/12/2021" }).AnswerAsync();
        var now = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal((RightState.Open, new DateOnly(2021, 12, 31)), (then.Affiliations[0].BaseRights.State, then.CareDate));
        Assert.Equal((ConsultationOutcome.Found, RightState.Closed), (now.Outcome, now.Affiliations[0].BaseRights.State));
        Assert.Equal("À vérifier", now.Headline);
    }

    [Fact]
    public async Task A_kept_answer_is_shown_as_such_and_refresh_asks_again()
    {
        var question = new { nir = world.Regimes.People.Case("crpcen").Nir, reason = "emergency", regime = "crpcen" };

        var first = await world.Host.AskAsync(question).AnswerAsync();
        var second = await world.Host.AskAsync(question).AnswerAsync();
        var third = await world.Host.AskAsync(new { question.nir, question.reason, question.regime, refresh = true }).AnswerAsync();
        var fourth = await world.Host.AskAsync(question).AnswerAsync();

        Assert.Equal([Freshness.Live, Freshness.Cached, Freshness.Live, Freshness.Cached], new[] { first, second, third, fourth }.Select(a => a.Affiliations[0].Source.Freshness));
        Assert.Equal(first.Affiliations[0].Source.ObtainedAt, second.Affiliations[0].Source.ObtainedAt);
        Assert.Equal(third.Affiliations[0].Source.ObtainedAt, fourth.Affiliations[0].Source.ObtainedAt);
        Assert.Equal(2, world.Regimes.Calls("crpcen"));
        Assert.Equal(4, new[] { first, second, third, fourth }.Select(a => a.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(EveryRegime))]
    public async Task Each_regime_answers_through_the_service_and_again_from_the_cache(string regime)
    {
        var question = new { nir = world.Regimes.People.Case(regime).Nir, reason = "patient-absent", regime };

        var live = await world.Host.AskAsync(question).AnswerAsync();
        var cached = await world.Host.AskAsync(question).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, RightState.Open), (live.Outcome, live.Affiliations[0].BaseRights.State));
        Assert.Equal(Freshness.Cached, cached.Affiliations[0].Source.Freshness);
        Assert.Equivalent(live.Affiliations[0] with { Source = cached.Affiliations[0].Source }, cached.Affiliations[0], strict: true);
    }

    public static TheoryData<string> EveryRegime => [.. Registry.Ids];
}
