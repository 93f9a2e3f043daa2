using System.Diagnostics.CodeAnalysis;
using Cdr.Domain;
using Cdr.RegimeSimulator.Cases;
using Cdr.RegimeSimulator.People;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator;

/// <summary>
/// Who the simulated regimes know, and the truth about them: the same seed, size and registry give the same people. For
/// the tests and benches of other projects too, without a single HTTP call.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "People is the plural.")]
public sealed class SimulatedPeople
{
    private readonly RandomPeople random;
    private readonly CasePeople cases;

    internal SimulatedPeople(int seed, int insuredPersons, RegimeRegistry registry)
    {
        random = new RandomPeople(seed, insuredPersons, registry);
        cases = new CasePeople(registry);
    }

    /// <value>Insured persons, named cases included.</value>
    public int Count => cases.Insured.Count + random.Count;

    /// <value>The same numbers whatever the seed and the size: docs/people.md.</value>
    public IReadOnlyList<CasePerson> Cases => cases.All;

    /// <param name="insuredPersons">Random ones, beside the named cases.</param>
    /// <param name="registryFile">Default: the regimes.json next to the binary.</param>
    public static SimulatedPeople Create(
        int seed = SimulatorOptions.DefaultSeed, int insuredPersons = SimulatorOptions.DefaultInsuredPersons, string? registryFile = null) =>
        new(seed, insuredPersons, RegimeRegistry.Load(registryFile));

    /// <summary>The named case of a key, e.g. <c>twins</c>.</summary>
    /// <exception cref="KeyNotFoundException">No case has this key; the message lists the keys.</exception>
    public CasePerson Case(string key) =>
        cases.All.FirstOrDefault(one => one.Key == key)
        ?? throw new KeyNotFoundException($"No case {key}. Cases: {string.Join(", ", cases.All.Select(static one => one.Key))}.");

    /// <param name="index">0 to <see cref="Count"/> excluded; the named cases come first.</param>
    public SimulatedInsured At(int index) =>
        index < cases.Insured.Count ? cases.Insured[index] : random.At(index - cases.Insured.Count);

    /// <summary>Everyone, made one after the other: nothing is kept.</summary>
    public IEnumerable<SimulatedInsured> All() => Enumerable.Range(0, Count).Select(At);

    /// <param name="nir">The insured person's, 13 characters.</param>
    public SimulatedInsured? Find(string nir) => cases.Find(nir) ?? random.Find(nir);

    /// <summary>The families where someone bears these names (birth name or name in use) and was born that day.</summary>
    public IReadOnlyList<SimulatedInsured> Find(string familyName, string givenName, BirthDate birthDate)
    {
        ArgumentNullException.ThrowIfNull(familyName);
        ArgumentNullException.ThrowIfNull(givenName);
        ArgumentNullException.ThrowIfNull(birthDate);
        return [.. cases.Find(familyName, givenName, birthDate), .. random.Find(familyName, givenName, birthDate)];
    }

    /// <summary>Every NIR there is, 13 characters: none may be found in a log, a trace or a message.</summary>
    public IEnumerable<string> Nirs() => cases.Nirs().Concat(random.Nirs());

    /// <summary>Every name of a family there is. Some are common words: search for them as whole words.</summary>
    public IEnumerable<string> FamilyNames() => cases.FamilyNames().Concat(Names.Families).Distinct(StringComparer.Ordinal);

    /// <summary>Whether two names are the same but for case, accents, dashes and apostrophes.</summary>
    internal static bool BearsNames(SimulatedPerson person, string familyName, string givenName, BirthDate birthDate) =>
        person.BirthDate == birthDate
        && Names.Normalise(person.GivenName) == Names.Normalise(givenName)
        && Names.Normalise(familyName) is var family
        && (Names.Normalise(person.FamilyName) == family || (person.NameInUse is { } used && Names.Normalise(used) == family));
}
