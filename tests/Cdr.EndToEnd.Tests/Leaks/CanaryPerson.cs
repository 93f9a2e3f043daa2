using System.Globalization;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>Somebody who exists nowhere, made to be recognised anywhere: a valid number, and names that no text has by chance.</summary>
/// <param name="Index">What a finding calls them.</param>
/// <param name="Nir">15 characters, without spaces.</param>
/// <param name="FamilyName">With an accent.</param>
/// <param name="GivenName">Without.</param>
internal sealed record CanaryPerson(int Index, string Nir, string FamilyName, string GivenName)
{
    private const string Consonants = "bcdfghjklmnpqrstvwxz";
    private const string Vowels = "aeiouy";

    /// <summary>As a person would type it.</summary>
    public string Spaced => $"{Nir[..1]} {Nir[1..3]} {Nir[3..5]} {Nir[5..7]} {Nir[7..10]} {Nir[10..13]} {Nir[13..]}";

    /// <summary>Always the same ones of a seed.</summary>
    public static IReadOnlyList<CanaryPerson> Make(int count, int seed = 20261126)
    {
        var random = new Random(seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var people = new List<CanaryPerson>(count);
        while (people.Count < count)
        {
            // Communes from 600, orders from 300: nobody of the simulated population.
            var number = string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 3)}{random.Next(100):00}{random.Next(1, 13):00}{random.Next(1, 96):00}{random.Next(600, 990):000}{random.Next(300, 900):000}");
            var (family, given) = (Name(random), Name(random));
            if (number[5..7] == "20" || !seen.Add(number) || !seen.Add(family) || !seen.Add(given))
                continue;
            people.Add(new CanaryPerson(people.Count, number + Domain.Nir.Parse(number).Value.Key, Accented(family), char.ToUpperInvariant(given[0]) + given[1..]));
        }

        return people;
    }

    /// <summary>Masked, even here.</summary>
    public override string ToString() => $"canary {Index}";

    private static string Name(Random random) => string.Concat(Enumerable.Range(0, CanarySearch.NameLength)
        .Select(at => at % 2 == 0 ? Consonants[random.Next(Consonants.Length)] : Vowels[random.Next(Vowels.Length)]));

    private static string Accented(string name)
    {
        var at = name.AsSpan().IndexOfAny('e', 'a', 'u');
        return char.ToUpperInvariant(name[0]) + (at < 0 ? name[1..] : name[1..at] + (name[at] switch { 'e' => 'é', 'a' => 'à', _ => 'ü' }) + name[(at + 1)..]);
    }
}
