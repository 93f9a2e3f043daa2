using System.Security.Cryptography;
using System.Text;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>
/// How long a back end takes: log-normal around a median of its own, 25 to 250 ms, one call in a hundred 1 to 2 s.
/// </summary>
internal sealed class Latency(string regime)
{
    private const double Spread = 0.45;
    private const double SlowShare = 0.01;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <value>The same at each start: it follows from the regime's id.</value>
    public TimeSpan Median { get; } = TimeSpan.FromMilliseconds(
        25 * Math.Pow(10, SHA256.HashData(Encoding.UTF8.GetBytes(regime))[0] / 255.0));

    public TimeSpan Next()
    {
        if (Random.Shared.NextDouble() < SlowShare)
            return TimeSpan.FromSeconds(1 + Random.Shared.NextDouble());
        // Box–Muller.
        var normal = Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble())) * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
        var latency = Median * Math.Exp(Spread * normal);
        return latency < Longest ? latency : Longest;
    }
}
