using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cdr.Contracts.Rights;
using Cdr.Usage.Features.ReconcileJournals;
using Cdr.Usage.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Tests.Counting;

/// <summary>What the counting says of itself: the values.</summary>
public sealed class UsageMeterTests : IDisposable
{
    private static readonly Guid Journal = Guid.CreateVersion7(Facts.Noon);

    private readonly SqliteFile file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_are_told_by_what_became_of_them_and_a_told_one_by_how_late_it_was_counted()
    {
        var desk = await file.OpenAsync();
        using var heard = new Heard(desk.Meters);

        await desk.DeliverAsync(Facts.Batch(Journal, 1, Facts.One(Facts.Noon.AddMinutes(20)), Facts.One(Facts.Noon.AddMinutes(58))), Cancel);
        await desk.DeliverAsync(Facts.Batch(Journal, 2, Facts.One()), Cancel);
        await desk.DeliverAsync(Facts.Batch(Journal, 1, Facts.One()), Cancel);
        // Ahead of the third, which Rights does not hand out.
        await desk.DeliverAsync(Facts.Batch(Journal, 4, Facts.One()), Cancel);

        Assert.Equal((2d, 1d, 1d), (heard.Sum("cdr.usage.batches", "counted"), heard.Sum("cdr.usage.batches", "duplicate"), heard.Sum("cdr.usage.batches", "postponed")));
        // From the last answer of each; the clock stands at an hour past noon.
        Assert.Equal([120, 3600], heard.All("cdr.usage.lag"));
    }

    [Fact]
    public async Task What_is_fetched_is_counted_and_has_no_lag()
    {
        var desk = await file.OpenAsync();
        using var heard = new Heard(desk.Meters);
        desk.Journals.Write(Facts.Journal(Journal, 5));

        await desk.ReconcileAsync(Cancel);

        Assert.Equal(5, heard.Sum("cdr.usage.batches", "counted"));
        Assert.Empty(heard.All("cdr.usage.lag"));
    }

    [Fact]
    public async Task Behind_is_what_rights_committed_and_is_not_counted_after_the_last_comparison()
    {
        var desk = await file.OpenAsync();
        await using var services = new ServiceCollection().AddKeyedSingleton<IJournalApi>(UsageModule.Name, desk.Journals).AddSingleton(desk.CatchUp).AddSingleton(desk.Counter).BuildServiceProvider();
        using var compared = new ReconcileJournals(
            services.GetRequiredService<IServiceScopeFactory>(), null!, Options.Create(new UsageOptions()), desk.Clock, desk.Meter, NullLogger<ReconcileJournals>.Instance);
        using var heard = new Heard(desk.Meters);
        var batches = Facts.Journal(Journal, 6);
        desk.Journals.Write(batches);
        // It says six, and hands out four.
        desk.Journals.WhileHeadsTravel = () =>
        {
            desk.Journals.Lose(Journal, 5);
            desk.Journals.Lose(Journal, 6);
            return Task.CompletedTask;
        };

        await compared.RunOnceAsync(Cancel);
        Assert.Equal(2, heard.Gauge("cdr.usage.behind"));

        desk.Journals.WhileHeadsTravel = null;
        desk.Journals.Write(batches[4..]);
        await compared.RunOnceAsync(Cancel);
        Assert.Equal(0, heard.Gauge("cdr.usage.behind"));
    }

    public void Dispose() => file.Dispose();

    /// <summary>Measurements of one factory's meters.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, string? Result, double Value)> all = new();
        private readonly MeterListener listener = new();

        public Heard(IMeterFactory meters)
        {
            listener.InstrumentPublished = (instrument, one) =>
            {
                if (instrument.Meter.Scope == meters)
                    one.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => all.Enqueue((instrument.Name, tags.Length == 0 ? null : tags[0].Value as string, value)));
            listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => all.Enqueue((instrument.Name, null, value)));
            listener.Start();
        }

        public double Sum(string name, string result) => all.Where(one => one.Name == name && one.Result == result).Sum(one => one.Value);

        public List<double> All(string name) => [.. all.Where(one => one.Name == name).Select(one => one.Value).Order()];

        public double Gauge(string name)
        {
            listener.RecordObservableInstruments();
            return all.Last(one => one.Name == name).Value;
        }

        public void Dispose() => listener.Dispose();
    }
}
