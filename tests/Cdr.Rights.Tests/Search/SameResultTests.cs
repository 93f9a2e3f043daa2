using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Search;

/// <summary>Waves, and what is remembered of a person, find what asking everybody finds.</summary>
public sealed class SameResultTests
{
    private const int People = 10_000;

    [Fact]
    public async Task Wherever_one_regime_knows_the_person_waves_memory_and_the_exhaustive_search_answer_the_same_over_ten_thousand_people()
    {
        await using var world = await RightsWorld.StartAsync();
        // Its clock stands still: a busy machine is no slow regime.
        var search = ActivatorUtilities.CreateInstance<RegimeSearch>(world.Host.Services, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var writing = world.Host.Services.GetRequiredService<AnswerWriting>();
        var people = SimulatedPeople.Create(insuredPersons: People * 11 / 10);
        var (compared, calls, outcomes) = (0, 0L, new Dictionary<ConsultationOutcome, int>());
        var (open, callsOfKnown) = (0, 0L);

        foreach (var (index, person) in people.All().Index())
        {
            if (person.Memberships.Count != 1 || person.Nir.Length != 13)
                continue;
            // Half of them with the patient's birth date, the youngest's: by number alone a family is a list.
            var question = Asked.About(person.Nir, index % 2 == 0 ? person.Memberships[0].Beneficiaries[^1].Person.BirthDate : null);
            var (inWaves, asked, _) = await AskAsync(question, person, index);
            var (everywhere, all, findings) = await AskAsync(question with { Exhaustive = true }, person, index);
            search.Remember(question, findings);
            var (known, askedAgain, _) = await AskAsync(question, person, ~index);

            Assert.Equal(17, all);
            var expected = Result(everywhere);
            Assert.True(Result(inWaves) == expected, $"person {index} of the population");
            Assert.True(Result(known) == expected, $"person {index} of the population, remembered");
            outcomes[inWaves.Outcome] = outcomes.GetValueOrDefault(inWaves.Outcome) + 1;
            (compared, calls) = (compared + 1, calls + asked);
            if (everywhere.Headline == "Droits ouverts")
                (open, callsOfKnown) = (open + 1, callsOfKnown + askedAgain);
            if (compared == People)
                break;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{(double)calls / compared:0.00} calls a question; {(double)callsOfKnown / open:0.000} where the person is remembered, {open} of them; {string.Join(", ", outcomes)}");
        Assert.Equal(People, compared);
        Assert.True(outcomes[ConsultationOutcome.Found] > 1000 && outcomes[ConsultationOutcome.Candidates] > 500 && open > 1000);
        Assert.InRange((double)calls / compared, 1, 3);
        Assert.InRange((double)callsOfKnown / open, 1, 1.1);

        async Task<(ConsultationAnswer, int, RegimeFinding[])> AskAsync(Question question, SimulatedInsured person, int seed)
        {
            var answers = new SimulatedAnswers(person, question, seed);
            var findings = await search.RunAsync(question, answers.Ask, _ => { });
            return (writing.Write(question, findings).Answer, answers.Calls, findings);
        }
    }

    // All that a clerk acts upon; ages, references and who was asked differ.
    private static string Result(ConsultationAnswer answer) => JsonSerializer.Serialize(new
    {
        answer.Outcome,
        answer.Headline,
        answer.NextSteps,
        answer.Missing,
        Affiliations = answer.Affiliations.Select(a => a with { Source = a.Source with { AgeSeconds = 0 } }),
        Candidates = answer.Candidates.Select(c => c with { Reference = "" }),
    });
}
