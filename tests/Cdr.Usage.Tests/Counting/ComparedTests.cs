using System.Diagnostics.Metrics;
using Cdr.Contracts.Rights;
using Cdr.Usage.Features.ReconcileJournals;
using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Usage.Tests.Counting;

public sealed class ComparedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>« Level, after the last comparison » stays true for ever where there is no other one.</summary>
    [Fact]
    public async Task A_comparison_that_fails_is_seen_by_its_age()
    {
        var (clock, journals) = (new FakeTimeProvider(Facts.Noon), new JournalsDouble());
        await using var services = new ServiceCollection().AddMetrics().AddKeyedSingleton<IJournalApi>(UsageModule.Name, journals).BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var meter = new UsageMeter(factory, clock);
        using var compared = new ReconcileJournals(
            services.GetRequiredService<IServiceScopeFactory>(), new Life(), Options.Create(new UsageOptions()), clock, meter, NullLogger<ReconcileJournals>.Instance);

        await compared.RunOnceAsync(Cancel);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(30, Age(factory));

        journals.Silent = true;
        await compared.RunOnceAsync(Cancel);
        clock.Advance(TimeSpan.FromMinutes(15));
        await compared.RunOnceAsync(Cancel);
        Assert.Equal(930, Age(factory));

        journals.Silent = false;
        await compared.RunOnceAsync(Cancel);
        Assert.Equal(0, Age(factory));
    }

    private static double Age(IMeterFactory factory)
    {
        var age = double.NaN;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            if (instrument.Name == "cdr.usage.compared.age" && instrument.Meter.Scope == factory)
                one.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => age = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return age;
    }

    private sealed class Life : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
