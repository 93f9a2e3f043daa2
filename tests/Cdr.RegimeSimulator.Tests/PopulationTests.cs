using Cdr.Domain;
using Cdr.RegimeSimulator.Cases;
using Cdr.RegimeSimulator.People;

namespace Cdr.RegimeSimulator.Tests;

public sealed class PopulationTests
{
    private const int Size = 40_000;

    private static readonly SimulatedPeople People = SimulatedPeople.Create(insuredPersons: Size);

    [Fact]
    public void The_same_seed_gives_the_same_people()
    {
        var again = SimulatedPeople.Create(insuredPersons: Size);
        Assert.All(Enumerable.Range(0, 2000), index => Assert.Equal(Told(People.At(index * 20)), Told(again.At(index * 20))));
    }

    [Fact]
    public void Another_seed_gives_other_people() =>
        Assert.NotEqual(Told(People.At(People.Count - 1)), Told(SimulatedPeople.Create(seed: 5, insuredPersons: Size).At(People.Count - 1)));

    [Fact]
    public void A_smaller_population_is_the_beginning_of_a_larger_one()
    {
        var smaller = SimulatedPeople.Create(insuredPersons: 1000);
        Assert.All(Enumerable.Range(0, smaller.Count), index => Assert.Equal(Told(People.At(index)), Told(smaller.At(index))));
    }

    [Fact]
    public void Every_number_is_valid_and_unique()
    {
        var nirs = People.Nirs().ToArray();
        Assert.Equal(nirs.Length, nirs.Distinct().Count());
        Assert.All(nirs, static nir => Assert.Equal(nir, Nir.Parse(nir).Value.Value));
    }

    [Fact]
    public void Everyone_is_found_by_number_and_by_names()
    {
        foreach (var index in Enumerable.Range(0, 1000).Select(static index => index * 37))
        {
            var insured = People.At(index);
            Assert.Equal(insured.Nir, People.Find(insured.Nir)!.Nir);
            foreach (var one in insured.Memberships[0].Beneficiaries)
            {
                Assert.Contains(insured.Nir, People.Find(Plain(one.Person.FamilyName), Plain(one.Person.GivenName), one.Person.BirthDate).Select(static found => found.Nir));
                if (one.Person.NameInUse is { } used)
                    Assert.Contains(insured.Nir, People.Find(used, one.Person.GivenName, one.Person.BirthDate).Select(static found => found.Nir));
            }
        }
    }

    [Fact]
    public void Regimes_have_their_share_of_the_population()
    {
        var counts = Random().GroupBy(static one => one.Memberships[0].Regime).ToDictionary(static group => group.Key, static group => group.Count());
        Assert.Equal(17, counts.Count);
        Assert.InRange(counts["cnam"], 0.78 * Size, 0.82 * Size);
        Assert.InRange(counts["msa"], 0.06 * Size, 0.08 * Size);
        Assert.InRange(counts["mgen"], 0.042 * Size, 0.058 * Size);
        Assert.InRange(counts["senat"], 5, 0.0015 * Size);
    }

    [Fact]
    public void Departments_have_their_share_of_the_population()
    {
        var labels = Random().Select(static one => one.Memberships[0].Beneficiaries[0].Rights.OrganismLabel)
            .Where(static label => label.StartsWith("CPAM", StringComparison.Ordinal)).CountBy(static label => label).ToDictionary();
        Assert.Equal(101, labels.Count);
        Assert.InRange(labels["CPAM Nord"] / (double)labels["CPAM Lozère"], 15, 80);
        Assert.InRange(labels["CPAM La Réunion"] / (double)labels.Values.Sum(), 0.008, 0.019);
    }

    [Fact]
    public void Every_kind_of_right_and_of_person_occurs()
    {
        var families = Random().SelectMany(static insured => insured.Memberships.Select(membership => (insured, membership))).ToArray();
        var rights = families.SelectMany(static one => one.membership.Beneficiaries).Select(static one => one.Rights).ToArray();
        Assert.Equal(["1", "13", "14", "16", "17", "18", "6", "8", "9"], Codes(rights.SelectMany(static one => one.Exemptions)));
        Assert.Equal(["6", "7", "8", "9"], Codes(rights.SelectMany(static one => one.Modulations)));
        Assert.Equal(["1", "10", "2", "3"], rights.SelectMany(static one => one.Situations).Select(static one => one.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(rights, static one => one.Maternities.Count > 0);
        Assert.Contains(rights, static one => one.ContractSpecificity == "0");
        Assert.Contains(rights, static one => one.Base.Count == 2);
        Assert.Contains(rights, static one => one.AttendingPhysician is { IsDeclared: false });
        Assert.Contains(rights, static one => one.AttendingPhysician?.Start > new DateOnly(2030, 1, 1));
        Assert.Contains(families, static one => one.membership.MovedTo is not null);
        Assert.Contains(families, static one => one.insured.Memberships.Count == 2 && one.insured.Memberships.All(IsOpen));
        Assert.Contains(families, static one => one.insured.Person.BirthDate.IsLunar);
        Assert.Contains(families, static one => one.membership.Beneficiaries.GroupBy(static child => child.Person.BirthDate).Any(static group => group.Count() > 1));
        Assert.Equal([NirKind.Permanent, NirKind.Provisional, NirKind.Migrant], families.Select(static one => Nir.Parse(one.insured.Nir).Value.Kind).Distinct().Order());
        Assert.Contains(families, static one => one.insured.Nir[6] is 'A' or 'B');
    }

    [Fact]
    public void Only_Cnam_and_MSA_give_work_accidents() =>
        Assert.Equal(["cnam", "msa"], Random().SelectMany(static one => one.Memberships)
            .Where(static membership => membership.Beneficiaries.Any(static one => one.Rights.WorkAccidents.Count > 0))
            .Select(static membership => membership.Regime).Distinct().Order());

    [Fact]
    public void A_child_may_hang_on_both_parents()
    {
        var children = Random().SelectMany(static insured => insured.Memberships[0].Beneficiaries
            .Where(static one => one.Quality == BeneficiaryQuality.Child).Select(one => (one.Person.FamilyName, one.Person.GivenName, one.Person.BirthDate, insured.Nir)));
        Assert.Contains(children.GroupBy(static child => (child.FamilyName, child.GivenName, child.BirthDate)), static group => group.Count() == 2);
    }

    [Fact]
    public void The_second_of_twins_has_rank_two_in_Cnam_and_the_rank_in_the_family_elsewhere()
    {
        foreach (var membership in Random().SelectMany(static one => one.Memberships))
        {
            var ranks = membership.Beneficiaries.Select(static one => one.Rank).ToArray();
            if (membership.Regime != "cnam")
                Assert.Equal(Enumerable.Range(1, ranks.Length), ranks);
            else
                Assert.Equal(membership.Beneficiaries.Count, membership.Beneficiaries.Select(static one => (one.Person.BirthDate, one.Rank)).Distinct().Count());
        }
    }

    [Fact]
    public void Numbers_with_a_key_have_the_right_one() => Assert.All(Random().SelectMany(static one => one.Memberships).SelectMany(static one => one.Beneficiaries), static one =>
    {
        Assert.All(one.Rights.WorkAccidents, static accident => Assert.True(WorkAccidentNumber.Parse(accident.Number).IsValid));
        Assert.True(one.Rights.AttendingPhysician?.Rpps is not { } rpps || Rpps.Parse(rpps).IsValid);
    });

    [Fact]
    public void Two_hundred_thousand_insured_persons_hold_in_forty_megabytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var people = SimulatedPeople.Create(insuredPersons: 200_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 40_000_000);
        Assert.InRange(people.Count, 200_000, 201_000);
    }

    [Fact]
    public void Names_and_people_are_masked_in_text()
    {
        var insured = People.At(3);
        Assert.Equal("SimulatedInsured", $"{insured}");
        Assert.Equal("SimulatedPerson", $"{insured.Person}");
    }

    [Theory]
    [InlineData("L'Haÿ-Cœurderoy", "L HAY COEURDEROY")]
    [InlineData("  Étienne ", "ETIENNE")]
    [InlineData("Le Goff", "LE GOFF")]
    [InlineData("Ærø", "AERØ")]
    public void Names_are_compared_without_accents_dashes_or_ligatures(string name, string expected) =>
        Assert.Equal(expected, Names.Normalise(name));

    [Fact]
    public void No_two_names_of_the_lists_are_the_same_once_compared()
    {
        Assert.Equal(Names.Families.Length, Names.Families.Select(Names.Normalise).Distinct().Count());
        Assert.Equal(Names.Given.Length, Names.Given.Select(Names.Normalise).Distinct().Count());
    }

    private static IEnumerable<SimulatedInsured> Random() => People.All().Skip(People.Count - Size);

    private static IEnumerable<string> Codes(IEnumerable<SimulatedRight> rights) =>
        rights.Select(static right => right.Code).Distinct().Order(StringComparer.Ordinal);

    private static bool IsOpen(SimulatedMembership membership) =>
        membership.Beneficiaries[0].Rights.Base.Any(static period => period.Contains(new DateOnly(2026, 6, 1)));

    private static string Plain(string name) => Names.Normalise(name);

    private static string Told(SimulatedInsured insured) => string.Join('\n', insured.Memberships.Select(membership =>
        string.Join('\n', membership.Beneficiaries.SelectMany(one => Facts.Of(insured, one)).Append($"{membership.Regime} {membership.MovedTo} {membership.MovedSince}"))));
}
