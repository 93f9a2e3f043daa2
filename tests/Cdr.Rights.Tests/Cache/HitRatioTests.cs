using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Cache;

public sealed class HitRatioTests
{
    [Fact]
    public async Task Each_reply_that_is_looked_for_is_counted_by_what_was_found()
    {
        await using var world = await RightsWorld.StartAsync();
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            // Other tests run beside this one, on meters of their own.
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "cdr.rights.cache.requests" && instrument.Meter.Scope == world.Host.Services.GetRequiredService<IMeterFactory>())
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            Assert.Equal(1, count);
            counted.Enqueue(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
        });
        listener.Start();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

        await world.Host.AskAsync(question).AnswerAsync();
        Assert.Equal(["cdr.cache.result=miss"], counted);
        await Records.UntilAsync("it is answered from what is kept", async () => (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Cached);
        Assert.StartsWith("cdr.cache.result=hit", counted.Last(), StringComparison.Ordinal);
        await Records.UntilAsync("its answer is prepared", async () =>
        {
            await world.Host.AskAsync(question).AnswerAsync();
            return counted.Last() == "cdr.cache.result=hit cdr.cache.prepared=True";
        });
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        await world.Host.AskAsync(new { question.nir, question.reason, question.regime, refresh = true }).AnswerAsync();
        Assert.Equal("cdr.cache.result=stale", counted.Last());
    }
}
