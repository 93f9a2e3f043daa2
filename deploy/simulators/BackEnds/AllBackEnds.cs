using Cdr.RegimeSimulator.Protocols;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>A back end for each regime of the registry: no regime is named in code.</summary>
internal static class AllBackEnds
{
    public static IReadOnlyList<BackEnd> Create(RegimeRegistry registry, SimulatedPeople people, SimulatorProfile profile, TimeProvider clock) =>
        [.. registry.Regimes.Where(IsHere).Select(regime =>
            new BackEnd(regime, ProtocolOf(regime), new Answering(regime, people, clock), profile, clock))];

    // An absolute address is a real back end's.
    private static bool IsHere(RegimeRow regime) => !regime.Address.Contains("://", StringComparison.Ordinal);

    private static IWireProtocol ProtocolOf(RegimeRow regime)
    {
        var vocabulary = new Vocabulary(regime.Dialect);
        return regime.Protocol switch
        {
            "rest" => new RestProtocol(vocabulary),
            "soap" => new SoapProtocol(vocabulary, regime.Dialect.Encoding ?? "utf-8"),
            _ => new FhirProtocol(vocabulary, regime.Name),
        };
    }
}
