using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.People;

/// <summary>A person's time in one regime.</summary>
/// <param name="Regime">Index in the registry.</param>
/// <param name="Start">Null: since they have rights.</param>
/// <param name="End">Last day; null while it lasts.</param>
/// <param name="MovedTo">Index of the regime that took over, where this one knows.</param>
internal readonly record struct Affiliation(int Regime, DateOnly? Start, DateOnly? End, int? MovedTo, bool IsAme = false);

/// <summary>Which regimes know a person, by the shares of the registry.</summary>
internal sealed class Affiliations(int seed, RegimeRegistry registry)
{
    public const string Msa = "msa";

    private readonly double[] shares = Departments.Cumulate([.. registry.Regimes.Select(static regime => regime.PopulationShare)]);

    public Affiliation[] Of(int insured)
    {
        var dice = new Dice(seed, Throws.Membership, insured);
        var main = dice.Weighted(shares);
        var other = dice.Weighted(shares);
        var kind = dice.Share();
        var day = dice.Day(2016, 2025);
        if (registry.Regimes[main].IsGeneral && kind < 0.004)
            return [new(main, null, null, null, IsAme: true)];
        if (other == main)
            other = (main + 1 + dice.Below(registry.Regimes.Count)) % registry.Regimes.Count;
        return (other == main, kind) switch
        {
            (false, < 0.03) => [new(main, day, null, null), new(other, null, day.AddDays(-1), main)],
            // The regime left does not always know where to.
            (false, < 0.045) => [new(main, day, null, null), new(other, null, day.AddDays(-1), null)],
            (false, < 0.052) => [new(main, null, null, null), new(other, day, null, null)],
            _ => [new(main, null, null, null)],
        };
    }
}
