namespace Cdr.RegimeSimulator;

internal enum SimulatorProfile
{
    /// <summary>Each regime has its latency, its capacity and its nightly hours.</summary>
    Demo,

    /// <summary>None of the three: what is measured is the platform.</summary>
    Bench,
}
