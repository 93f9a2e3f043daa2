using System.Globalization;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>Who comes to a town's hospital: half were born there, 3,000 a year in one commune, so that their numbers lie closer than anywhere in the simulated population.</summary>
internal sealed class Town(int seed)
{
    public const int BirthsAYear = 3000;
    private const int OfAMonthAndSex = BirthsAYear / 24;
    private static readonly string[] Syllables = ["la", "van", "dier", "mor", "el", "qui", "bo", "ran", "te", "gas", "pu", "ver", "no", "zi", "har"];
    private readonly Random random = new(seed);

    /// <summary>Anybody, of any age.</summary>
    public string Nir(DateOnly today)
    {
        var (year, month) = (today.Year - 1 - random.Next(89), random.Next(1, 13));
        var place = random.Next(2) == 0 ? "69123" : string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 96):00}{random.Next(1, 500):000}").Replace("20", "21", StringComparison.Ordinal);
        return Of(random.Next(1, 3), year, month, place, random.Next(1, OfAMonthAndSex + 1));
    }

    /// <summary>A woman and her two to four children; now and then the last two are twins. Asked one after the other.</summary>
    public IReadOnlyList<string> Family(DateOnly today)
    {
        List<string> family = [Of(2, today.Year - 25 - random.Next(15), random.Next(1, 13), "69123", random.Next(1, OfAMonthAndSex))];
        for (var child = random.Next(2, 5); child > 0; child--)
            family.Add(Of(random.Next(1, 3), today.Year - 1 - (child * 2) - random.Next(9), random.Next(1, 13), "69123", random.Next(1, OfAMonthAndSex)));
        if (random.Next(4) == 0)
            family.Add(Twin(family[^1]));
        return family;
    }

    /// <summary>Born one after the other in this month.</summary>
    public static string Newborn(DateOnly today, int sex, int order) => Of(sex, today.Year, today.Month, "69123", order);

    public ConsultationRequest ByName(DateOnly today) =>
        new() { Names = new PersonNames(Name(), Name()), BirthDate = today.AddDays(-random.Next(400, 30_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };

    public bool Chance(double share) => random.NextDouble() < share;

    public int Between(int least, int most) => random.Next(least, most + 1);

    public static string Of(int sex, int year, int month, string place, int order) =>
        string.Create(CultureInfo.InvariantCulture, $"{sex}{year % 100:00}{month:00}{place}{order:000}");

    private static string Twin(string nir) => nir[..10] + (int.Parse(nir[10..], CultureInfo.InvariantCulture) + 1).ToString("000", CultureInfo.InvariantCulture);

    private string Name() => string.Concat(Enumerable.Range(0, 3).Select(_ => Syllables[random.Next(Syllables.Length)]));
}
