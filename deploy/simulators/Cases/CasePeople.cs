using Cdr.Domain;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>The named cases, and who they are by number and by name.</summary>
internal sealed class CasePeople
{
    private readonly Dictionary<string, SimulatedInsured> byNir;

    public CasePeople(RegimeRegistry registry)
    {
        var families = new CaseFamilies(registry);
        All = [.. PlainCases.All(families), .. RightsCases.All(families), .. HistoryCases.All(families), .. FamilyCases.All(families)];
        Insured = [.. All.SelectMany(static one => one.Families)];
        byNir = Insured.ToDictionary(static insured => insured.Nir);
        // A beneficiary's own number finds the family too.
        foreach (var insured in Insured)
            foreach (var own in People(insured).Select(static person => person.Nir).OfType<string>())
                byNir.TryAdd(own, insured);
    }

    public IReadOnlyList<CasePerson> All { get; }

    public IReadOnlyList<SimulatedInsured> Insured { get; }

    public SimulatedInsured? Find(string nir) => byNir.GetValueOrDefault(nir);

    public IEnumerable<SimulatedInsured> Find(string familyName, string givenName, BirthDate birthDate) =>
        Insured.Where(insured => People(insured).Any(person => SimulatedPeople.BearsNames(person, familyName, givenName, birthDate)));

    public IEnumerable<string> Nirs() => byNir.Keys;

    public IEnumerable<string> FamilyNames() =>
        Insured.SelectMany(People).SelectMany(static person => new[] { person.FamilyName, person.NameInUse }).OfType<string>();

    private static IEnumerable<SimulatedPerson> People(SimulatedInsured insured) =>
        insured.Memberships.SelectMany(static membership => membership.Beneficiaries).Select(static one => one.Person);
}
