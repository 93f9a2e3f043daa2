namespace Cdr.RegimeSimulator;

internal enum SimulatorProfile
{
    /// <summary>Each regime has its latency, its capacity and its nightly hours.</summary>
    Demo,

    /// <summary>Its latency, but neither capacity nor hours: what a search waits for can be measured at any time of day.</summary>
    Paced,

    /// <summary>None of the three: what is measured is the platform.</summary>
    Bench,
}
