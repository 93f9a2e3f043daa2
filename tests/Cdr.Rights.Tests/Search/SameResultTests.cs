using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Search;

/// <summary>Waves find what asking everybody finds.</summary>
public sealed class SameResultTests
{
    private const int People = 10_000;
    // Not every regime answers for a past date.
    private static readonly DateOnly CareDate = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(2).DateTime);

    [Fact]
    public async Task Wherever_one_regime_knows_the_person_waves_and_the_exhaustive_search_answer_the_same_over_ten_thousand_people()
    {
        await using var world = await RightsWorld.StartAsync();
        var (search, writing) = (world.Host.Services.GetRequiredService<RegimeSearch>(), world.Host.Services.GetRequiredService<AnswerWriting>());
        var people = SimulatedPeople.Create(insuredPersons: People * 11 / 10);
        var (compared, calls, outcomes) = (0, 0L, new Dictionary<ConsultationOutcome, int>());

        foreach (var (index, person) in people.All().Index())
        {
            if (person.Memberships.Count != 1 || person.Nir.Length != 13)
                continue;
            // Half of them with the patient's birth date, the youngest's: by number alone a family is a list.
            var birthDate = index % 2 == 0 ? person.Memberships[0].Beneficiaries[^1].Person.BirthDate : null;
            var (inWaves, asked) = await AskAsync(person, birthDate, exhaustive: false);
            var (everywhere, all) = await AskAsync(person, birthDate, exhaustive: true);

            Assert.Equal(17, all);
            Assert.True(Result(inWaves) == Result(everywhere), $"person {index} of the population");
            outcomes[inWaves.Outcome] = outcomes.GetValueOrDefault(inWaves.Outcome) + 1;
            (compared, calls) = (compared + 1, calls + asked);
            if (compared == People)
                break;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{(double)calls / compared:0.00} calls a question; {string.Join(", ", outcomes)}");
        Assert.Equal(People, compared);
        Assert.True(outcomes[ConsultationOutcome.Found] > 1000 && outcomes[ConsultationOutcome.Candidates] > 500);
        Assert.InRange((double)calls / compared, 1, 3);

        async Task<(ConsultationAnswer, int)> AskAsync(SimulatedInsured person, BirthDate? birthDate, bool exhaustive)
        {
            var question = new Question
            {
                Id = Guid.Empty,
                IdIsCallers = false,
                Subject = new RegimeSubject.ByNir(Nir.Parse(person.Nir).Value, birthDate),
                CareDate = CareDate,
                Today = CareDate,
                Reason = ConsultationReason.Emergency,
                Regime = null,
                Exhaustive = exhaustive,
                Refresh = false,
                Caller = new Caller("s", "", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse("75").Value, "", "", ""),
                Sent = "",
                Fingerprint = [],
                At = DateTimeOffset.UnixEpoch,
                Started = 0,
            };
            var answers = new SimulatedAnswers(person, question);
            var findings = await search.RunAsync(question, answers.Ask, _ => { });
            return (writing.Write(question, findings).Answer, answers.Calls);
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
