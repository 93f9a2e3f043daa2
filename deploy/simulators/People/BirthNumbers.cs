namespace Cdr.RegimeSimulator.People;

/// <summary>Numbers of the random population: permanent ones mostly, some provisional or of passing migrants.</summary>
internal sealed class BirthNumbers(int seed)
{
    // 900 to 999 are kept for the named cases.
    private const int LastOrder = 899;
    private const double BornAbroad = 0.12;

    private static readonly int[] Countries = [352, 350, 351, 139, 134, 127, 341, 326, 208, 243, 216, 404, 131, 109, 322];

    public bool IsBornAbroad(int insured) => new Dice(seed, Throws.Identity, ~insured).Chance(BornAbroad);

    /// <param name="isMsa">Its provisional numbers have a shape of their own.</param>
    public ulong Of(int insured, Household household, Sketch person, bool isMsa)
    {
        var dice = new Dice(seed, Throws.Identity, ~insured);
        var isBornAbroad = dice.Chance(BornAbroad);
        var sex = person.IsFemale ? 2 : 1;
        var serial = dice.Below(100_000_000);
        var order = dice.Between(1, LastOrder);
        if (isBornAbroad && dice.Chance(0.06))
            return PackedNir.Pack((dice.Chance(0.66), isMsa) switch
            {
                (true, true) => $"555555{serial % 10_000:0000}{order:000}",
                (true, false) => $"{6 + sex}{sex}{serial:00000000}{order:000}",
                (false, _) => $"{4 + sex}{sex}{serial:00000000}{order:000}",
            });

        var month = person.Month is >= 1 and <= 12 ? person.Month : 20;
        var place = isBornAbroad ? $"99{Countries[dice.Below(Countries.Length)]}" : Place(ref dice, household, person.Year);
        return PackedNir.Pack($"{sex}{person.Year % 100:00}{month:00}{place}{order:000}");
    }

    /// <summary>The number to try when one is taken.</summary>
    public static ulong Next(ulong taken) => PackedNir.WithOrder(taken, (int)(PackedNir.OrderOf(taken) % LastOrder) + 1);

    private static string Place(ref Dice dice, Household household, int year)
    {
        var department = Departments.All[dice.Chance(0.7) ? household.Department : dice.Weighted(Departments.Shares)].Code;
        var commune = dice.Between(1, 499);
        return department switch
        {
            // Corsica was one department, 20, until 1976.
            "2A" or "2B" when year < 1976 => $"20{commune:000}",
            { Length: 3 } => $"{department}{commune % 30:00}",
            _ => $"{department}{commune:000}",
        };
    }
}
