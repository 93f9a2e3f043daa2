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

    public RegimeMetrics(IMeterFactory meters) => duration = meters.Create(Meter).CreateHistogram(
        "cdr.rights.regime.duration",
        unit: "s",
        description: "Time of one question to one regime, answer read whole.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
        });

    /// <returns>found, unknown, candidates… ; an outage by its reason.</returns>
    public static string OutcomeOf(RegimeAnswer answer) => JsonNamingPolicy.CamelCase.ConvertName(
        answer is RegimeAnswer.Unavailable unavailable ? unavailable.Reason.ToString() : answer.GetType().Name);

    public void Asked(RegimeId regime, string outcome, TimeSpan elapsed) =>
        duration.Record(elapsed.TotalSeconds, new("regime", regime.Value), new("outcome", outcome));
}
