using System.Text.RegularExpressions;
using Cdr.Domain;
using Cdr.RegimeSimulator.Cases;
using Cdr.RegimeSimulator.People;

namespace Cdr.RegimeSimulator.Tests;

public sealed partial class CasePeopleTests(SimulatorHost host) : IClassFixture<SimulatorHost>
{
    private static readonly SimulatedPeople CasesOnly = SimulatedPeople.Create(insuredPersons: 0);

    public static TheoryData<string> Keys => [.. CasesOnly.Cases.Select(static one => one.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_case_gets_the_answer_of_the_page_from_its_regime(string key)
    {
        using var client = host.CreateClient();
        foreach (var question in host.People.Case(key).Questions)
            foreach (var page in Page.All.Where(page => Answers(page, question)))
            {
                using var response = await client.SendAsync(Wire.Request(page, question), TestContext.Current.CancellationToken);
                var facts = await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken);
                Check(page, question, facts);
            }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_case_is_unknown_to_the_other_regimes(string key)
    {
        using var client = host.CreateClient();
        var one = host.People.Case(key);
        var knownTo = one.Families.SelectMany(static family => family.Memberships).Select(static membership => membership.Regime).ToHashSet();
        foreach (var page in Page.All.Where(page => !knownTo.Contains(page.Id)))
        {
            var question = new CaseQuestion { Regime = page.Id, Nir = one.Nir, Expected = "" };
            using var response = await client.SendAsync(Wire.Request(page, question), TestContext.Current.CancellationToken);
            Assert.Equal(["statut=INCONNU"], await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void The_page_of_people_is_the_one_in_the_repository() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "docs", "people.md")), PeoplePage.Write(CasesOnly));

    [Fact]
    public void Every_regime_has_a_case_of_its_own() => Assert.All(Page.All, page => Assert.Equal(page.Id, CasesOnly.Case(page.Id).Key));

    [Fact]
    public void Cases_do_not_change_with_the_seed_or_the_size_of_the_population()
    {
        var others = SimulatedPeople.Create(seed: 7, insuredPersons: 500);
        Assert.Equal(PeoplePage.Write(CasesOnly), PeoplePage.Write(others));
    }

    [Fact]
    public void Cases_bear_names_that_nobody_else_bears()
    {
        var random = Names.Families.Select(Names.Normalise).ToHashSet();
        Assert.All(CasesOnly.All(), insured => Assert.DoesNotContain(Names.Normalise(insured.Person.FamilyName), random));
    }

    [Fact]
    public void Case_numbers_end_in_the_range_that_the_population_leaves_free() =>
        Assert.All(CasesOnly.Nirs(), static nir => Assert.Equal('9', nir[10]));

    [Fact]
    public void Detention_is_never_named() =>
        Assert.DoesNotMatch(Forbidden(), PeoplePage.Write(CasesOnly));

    private static bool Answers(Page page, CaseQuestion question) => question.Regime is null || question.Regime == page.Id;

    private void Check(Page page, CaseQuestion question, SortedSet<string> facts)
    {
        var (insured, beneficiaries) = question.Nir is { } nir ? Asked(nir, page, question) : default;
        switch (question.Outcome)
        {
            case CaseOutcome.Found:
                var family = insured ?? host.People.Find(question.Names!.FamilyName, question.Names.GivenName, question.Names.BirthDate).Single();
                var beneficiary = beneficiaries?.Single() ?? family.Memberships.Single(membership => membership.Regime == page.Id).Beneficiaries[0];
                Assert.Equal(Facts.Of(family, beneficiary), facts);
                var careDate = question.CareDate ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
                Assert.Equal(question.HasOpenBaseRights, beneficiary.Rights.Base.Any(period => period.Contains(careDate)));
                break;
            case CaseOutcome.Unknown:
                Assert.Equal(["statut=INCONNU"], facts);
                break;
            case CaseOutcome.BeneficiaryUnknown:
                Assert.Equal(["statut=BENEFICIAIRE_INCONNU"], facts);
                break;
            case CaseOutcome.Moved:
                var moved = insured!.Memberships.Single(membership => membership.Regime == page.Id);
                Assert.Equal([$"mutation.depuis={Page.Iso(moved.MovedSince!.Value)}", $"mutation.versRegime={moved.MovedTo}", "statut=MUTE"], facts);
                break;
            default:
                Assert.Contains("statut=PLUSIEURS", facts);
                Assert.Equal(beneficiaries?.Length ?? 2, facts.Count(static fact => fact.Contains(".nir=", StringComparison.Ordinal)));
                Assert.Equal(beneficiaries?.Length ?? 2, facts.Count(static fact => fact.Contains(".dateNaissance=", StringComparison.Ordinal)));
                break;
        }
    }

    private (SimulatedInsured? Insured, SimulatedBeneficiary[]? Beneficiaries) Asked(string nir, Page page, CaseQuestion question)
    {
        if (host.People.Find(nir) is not { } insured)
            return default;
        return (insured, [.. insured.Memberships.Single(membership => membership.Regime == page.Id).Beneficiaries
            .Where(one => insured.Nir == nir || one.Person.Nir == nir)
            .Where(one => question.BeneficiaryBirthDate is null || one.Person.BirthDate == question.BeneficiaryBirthDate)
            .Where(one => question.BirthRank is null || one.Rank == question.BirthRank)]);
    }

    [GeneratedRegex("d[ée]ten|prison|carc[ée]r|[ée]crou", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();
}
