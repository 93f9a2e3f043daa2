using Cdr.Domain;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.People;

/// <summary>
/// The random population: eight bytes of NIR a person and an index of names are held, everything else is thrown again
/// from the seed whenever someone is asked for.
/// </summary>
internal sealed class RandomPeople
{
    private const int SlotsPerInsured = 8;
    private const int PartnerSlot = 1;
    private const int FirstChildSlot = 2;

    private readonly int seed;
    private readonly RegimeRegistry registry;
    private readonly Affiliations affiliations;
    private readonly BirthNumbers numbers;
    private readonly ulong[] nirs;
    private readonly Dictionary<ulong, int> byNir;
    private readonly NameIndex names;

    public RandomPeople(int seed, int insuredPersons, RegimeRegistry registry)
    {
        this.seed = seed;
        this.registry = registry;
        affiliations = new Affiliations(seed, registry);
        numbers = new BirthNumbers(seed);
        nirs = new ulong[insuredPersons];
        byNir = new Dictionary<ulong, int>(insuredPersons);
        var entries = new NameIndex.Builder(insuredPersons * 2);
        for (var insured = 0; insured < insuredPersons; insured++)
            Register(insured, entries);
        names = entries.Build();
    }

    public int Count => nirs.Length;

    public SimulatedInsured At(int insured)
    {
        var household = Household.Of(seed, insured);
        var nir = PackedNir.Unpack(nirs[insured]);
        var person = Person(insured, household);
        var memberships = affiliations.Of(insured);
        var beneficiaries = Dependents(insured, household, person).ToArray();
        return new SimulatedInsured(nir, person.ToPerson(nir), [.. memberships.Select(affiliation =>
            Membership(insured, nir, person, affiliation, household, beneficiaries))]);
    }

    public SimulatedInsured? Find(string nir) =>
        byNir.TryGetValue(PackedNir.Pack(nir), out var insured) ? At(insured) : null;

    /// <summary>Those who bear the names, or for whom someone who does is a beneficiary.</summary>
    public IEnumerable<SimulatedInsured> Find(string familyName, string givenName, BirthDate birthDate) =>
        names.Find(familyName, givenName, birthDate).Select(static reference => reference / SlotsPerInsured).Distinct().Select(At);

    public IEnumerable<string> Nirs() => nirs.Select(PackedNir.Unpack);

    private void Register(int insured, NameIndex.Builder entries)
    {
        var household = Household.Of(seed, insured);
        var person = Person(insured, household);
        var isMsa = registry.Regimes[affiliations.Of(insured)[0].Regime].Id == Affiliations.Msa;
        var nir = numbers.Of(insured, household, person, isMsa);
        while (!byNir.TryAdd(nir, insured))
            nir = BirthNumbers.Next(nir);
        nirs[insured] = nir;

        entries.Add(person, insured * SlotsPerInsured);
        foreach (var (slot, dependent) in Dependents(insured, household, person))
            entries.Add(dependent, (insured * SlotsPerInsured) + slot);
    }

    private Sketch Person(int insured, Household household)
    {
        var dice = new Dice(seed, Throws.Identity, insured);
        // One in four hundred bears the names and the birth date of somebody else.
        var model = insured >= 2 && dice.Chance(1 / 400.0) ? insured - 2 : insured;
        return model == insured ? Person(insured, household, dice) : Original(model);
    }

    private Sketch Original(int insured)
    {
        var dice = new Dice(seed, Throws.Identity, insured);
        if (insured >= 2)
            dice.Share();
        return Person(insured, Household.Of(seed, insured), dice);
    }

    private Sketch Person(int insured, Household household, Dice dice)
    {
        var year = household.BirthYear(insured);
        var female = household.IsFemale(insured);
        var family = Sketch.FamilyName(ref dice);
        var bearsPartnersName = female && household.IsCouple && dice.Chance(0.5);
        var day = dice.Day(2001, 2001);
        var given = Sketch.GivenName(ref dice, female, year);
        var isLunar = numbers.IsBornAbroad(insured) && dice.Chance(0.05);
        return new Sketch(female, family, bearsPartnersName ? FamilyOf(insured ^ 1) : -1, given, year,
            isLunar ? dice.Below(2) * 20 : day.Month, isLunar ? 0 : day.Day);
    }

    private int FamilyOf(int insured)
    {
        var dice = new Dice(seed, Throws.Identity, insured);
        if (insured >= 2)
            dice.Share();
        return Sketch.FamilyName(ref dice);
    }

    private IEnumerable<(int Slot, Sketch Person)> Dependents(int insured, Household household, Sketch person)
    {
        var dice = new Dice(seed, Throws.Child, ~insured);
        if (!household.IsCouple && dice.Chance(0.04))
        {
            var female = !person.IsFemale;
            var year = Math.Min(person.Year + dice.Between(-5, 5), Sketch.ReferenceYear - 18);
            var day = dice.Day(2001, 2001);
            yield return (PartnerSlot, new Sketch(female, Sketch.FamilyName(ref dice), -1, Sketch.GivenName(ref dice, female, year), year, day.Month, day.Day));
        }

        var family = household.IsCouple ? FamilyOf(insured & ~1) : person.Family;
        for (var child = 0; child < Household.MostChildren; child++)
            if (household.HasChild(insured, child))
                yield return (FirstChildSlot + child, household.Child(insured, child, family));
    }

    private SimulatedMembership Membership(
        int insured, string nir, Sketch person, Affiliation affiliation, Household household, (int Slot, Sketch Person)[] dependents)
    {
        var regime = registry.Regimes[affiliation.Regime];
        var histories = new Histories(regime, affiliation, Departments.All[household.Department]);
        var beneficiaries = new SimulatedBeneficiary[dependents.Length + 1];
        beneficiaries[0] = new SimulatedBeneficiary(person.ToPerson(nir), 1, BeneficiaryQuality.Insured, Rights(0, person));
        for (var index = 0; index < dependents.Length; index++)
        {
            var (slot, dependent) = dependents[index];
            var isSecondTwin = slot == FirstChildSlot + 1 && household.AreTwins(insured);
            beneficiaries[index + 1] = new SimulatedBeneficiary(
                dependent.ToPerson(null),
                regime.RanksTwinsOnly ? (isSecondTwin ? 2 : 1) : index + 2,
                slot == PartnerSlot ? BeneficiaryQuality.Partner : BeneficiaryQuality.Child,
                Rights(slot, dependent));
        }

        return new SimulatedMembership(regime.Id, beneficiaries,
            affiliation.MovedTo is { } successor ? registry.Regimes[successor].Id : null, affiliation.MovedTo is null ? null : affiliation.End?.AddDays(1));

        SimulatedRights Rights(int slot, Sketch someone) => histories.Rights(
            new Dice(seed, Throws.Rights, ((((long)insured * SlotsPerInsured) + slot) * 64) + affiliation.Regime), someone);
    }
}
