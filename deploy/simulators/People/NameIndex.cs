using Cdr.Domain;

namespace Cdr.RegimeSimulator.People;

/// <summary>Who bears names on a birth date: two sorted arrays, twelve bytes an entry.</summary>
internal sealed class NameIndex
{
    private static readonly Dictionary<string, int> Families = Ids(Names.Families);
    private static readonly Dictionary<string, int> Given = Ids(Names.Given);

    private readonly ulong[] keys;
    private readonly int[] references;

    private NameIndex(ulong[] keys, int[] references)
    {
        this.keys = keys;
        this.references = references;
    }

    public IEnumerable<int> Find(string familyName, string givenName, BirthDate birthDate)
    {
        if (!Families.TryGetValue(Names.Normalise(familyName), out var family)
            || !Given.TryGetValue(Names.Normalise(givenName), out var given))
            yield break;

        var key = Sketch.Key(family, given, birthDate.Year, birthDate.Month, birthDate.Day);
        var at = Array.BinarySearch(keys, key);
        while (at > 0 && keys[at - 1] == key)
            at--;
        for (; at >= 0 && at < keys.Length && keys[at] == key; at++)
            yield return references[at];
    }

    private static Dictionary<string, int> Ids(string[] names) =>
        names.Select(static (name, index) => (name, index)).ToDictionary(static entry => Names.Normalise(entry.name), static entry => entry.index);

    internal sealed class Builder(int capacity)
    {
        private readonly List<ulong> keys = new(capacity);
        private readonly List<int> references = new(capacity);

        public void Add(Sketch person, int reference)
        {
            Add(person.NameKey, reference);
            if (person.NameInUse >= 0)
                Add(person.NameInUseKey, reference);
        }

        public NameIndex Build()
        {
            var sortedKeys = keys.ToArray();
            var sortedReferences = references.ToArray();
            Array.Sort(sortedKeys, sortedReferences);
            return new NameIndex(sortedKeys, sortedReferences);
        }

        private void Add(ulong key, int reference)
        {
            keys.Add(key);
            references.Add(reference);
        }
    }
}
