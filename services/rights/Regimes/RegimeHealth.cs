using System.Text.Json.Serialization;
using Cdr.Contracts;
using Cdr.Domain;
using Polly.CircuitBreaker;

namespace Cdr.Rights.Regimes;

/// <summary>How a regime does, as this process has seen it.</summary>
/// <param name="Regime">Which.</param>
/// <param name="State">Up until seen otherwise.</param>
/// <param name="Since">UTC instant since which it is in this state.</param>
/// <param name="Circuit">State of its circuit breaker.</param>
internal sealed record RegimeHealth(RegimeId Regime, RegimeHealthState State, DateTimeOffset Since, CircuitState Circuit);

[JsonConverter(typeof(WireName<RegimeHealthState>))]
internal enum RegimeHealthState
{
    Up,

    /// <summary>Its last answers were outages (<see cref="RegimeOptions.DegradedAfter"/>), too few for its circuit to open; or it is being tried again after many. It is asked.</summary>
    Degraded,

    /// <summary>Its circuit is open: it is not asked.</summary>
    Down,

    /// <summary>Inside a daily closure, not yet in the service, or gone from it.</summary>
    Closed,
}
