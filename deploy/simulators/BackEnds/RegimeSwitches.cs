using System.Collections.ObjectModel;
using Cdr.RegimeSimulator.BackEnds;

namespace Cdr.RegimeSimulator;

/// <summary>The switches of the simulated regimes, for tests in the same process: resolve it from the host's services.</summary>
public sealed class RegimeSwitches
{
    private readonly ReadOnlyDictionary<string, BackEnd> backEnds;

    internal RegimeSwitches(IEnumerable<BackEnd> backEnds) =>
        this.backEnds = backEnds.ToDictionary(static one => one.Regime.Id).AsReadOnly();

    /// <value>Ids of the registry.</value>
    public IReadOnlyCollection<string> Regimes => backEnds.Keys;

    /// <param name="regime">Id of the registry.</param>
    /// <exception cref="KeyNotFoundException">No such regime is simulated.</exception>
    public RegimeMode this[string regime]
    {
        get => backEnds[regime].Mode;
        set => backEnds[regime].Mode = value;
    }

    public bool Has(string regime) => backEnds.ContainsKey(regime);

    public RegimeActivity Activity(string regime) => backEnds[regime].Activity;

    public void SetAll(RegimeMode mode)
    {
        foreach (var backEnd in backEnds.Values)
            backEnd.Mode = mode;
    }

    /// <summary>Every regime up, every count at zero. Calls that hang stay so until their client leaves.</summary>
    public void Reset()
    {
        foreach (var backEnd in backEnds.Values)
            backEnd.Reset();
    }
}

/// <param name="Calls">Since the start or the last reset, refused ones included.</param>
/// <param name="InFlight">Under way now.</param>
/// <param name="Capacity">Calls at once beyond which it answers 429; null when it has no limit (profile <c>bench</c>).</param>
public sealed record RegimeActivity(string Id, RegimeMode Mode, long Calls, int InFlight, int? Capacity);
