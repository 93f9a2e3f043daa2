using System.Diagnostics.Metrics;
using System.Text.Json;
using Cdr.Domain;

namespace Cdr.Rights.Regimes;

/// <summary>How long regimes take, by regime and outcome: nothing else, least of all a person or an establishment.</summary>
internal sealed class RegimeMetrics
{
    public const string Meter = "Cdr.Rights.Regimes";

    /// <summary>The question's deadline came first.</summary>
    public const string Cancelled = "cancelled";

    private readonly Histogram<double> duration;
    private Func<IEnumerable<RegimeHealth>>? health;

    public RegimeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        duration = meter.CreateHistogram(
            "cdr.rights.regime.duration",
            unit: "s",
            description: "Time of one question to one regime, answer read whole.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
            });
        meter.CreateObservableGauge(
            "cdr.rights.regime.state", () => (health?.Invoke() ?? []).Select(one => new Measurement<int>((int)one.State, new KeyValuePair<string, object?>("regime", one.Regime.Value))),
            "{state}", "How a regime does, as this process sees it: 0 up, 1 degraded, 2 down, 3 closed.");
    }

    /// <summary>Whose health is measured.</summary>
    public void Watch(Func<IEnumerable<RegimeHealth>> all) => health = all;

    /// <returns>found, unknown, candidates… ; an outage by its reason.</returns>
    public static string OutcomeOf(RegimeAnswer answer) => JsonNamingPolicy.CamelCase.ConvertName(
        answer is RegimeAnswer.Unavailable unavailable ? unavailable.Reason.ToString() : answer.GetType().Name);

    public void Asked(RegimeId regime, string outcome, TimeSpan elapsed) =>
        duration.Record(elapsed.TotalSeconds, new("regime", regime.Value), new("outcome", outcome));
}
