using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Cdr.Rights.Tests.Regimes;

public sealed class RegimeMetricsTests
{
    [Fact]
    public async Task A_call_is_measured_in_seconds_by_regime_and_outcome_only()
    {
        using var harness = new RegimeHarness();
        var measured = new ConcurrentQueue<(double Seconds, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "cdr.rights.regime.duration")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
            measured.Enqueue((seconds, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        harness.Plan((_, _) =>
        {
            harness.Clock.Advance(TimeSpan.FromMilliseconds(250));
            return Task.FromResult(RegimeHarness.Response([], "text/html", System.Net.HttpStatusCode.OK));
        });

        await harness.AskAsync("senat");

        // Other tests run beside this one and measure their own calls.
        Assert.Contains((0.25, "regime=senat outcome=unreadable"), measured);
    }
}
