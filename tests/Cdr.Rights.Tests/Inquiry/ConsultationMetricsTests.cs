using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>What operators are told of questions: the values.</summary>
public sealed class ConsultationMetricsTests
{
    [Fact]
    public async Task An_answer_is_told_with_its_time_its_outcome_its_source_and_how_many_regimes_it_asked()
    {
        await using var world = await RightsWorld.StartAsync();
        using var heard = new Heard(world.Host.Services.GetRequiredService<IMeterFactory>());
        var person = world.Regimes.People.Case("cnam");
        var question = new { nir = person.Nir, reason = "emergency", regime = "cnam" };

        await world.Host.AskAsync(question).AnswerAsync();
        Assert.InRange(Assert.Single(heard.All("cdr.rights.consultation.duration cdr.consultation.outcome=Found cdr.consultation.source=Live")), 0.0001, 60);
        Assert.Equal([1], heard.All("cdr.rights.consultation.calls"));

        await Records.UntilAsync("it is answered from what is kept", async () => (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Cached);
        Assert.NotEmpty(heard.All("cdr.rights.consultation.duration cdr.consultation.outcome=Found cdr.consultation.source=Cached"));
        // What was kept asked nobody.
        Assert.Equal(0, heard.All("cdr.rights.consultation.calls")[0]);

        world.Regimes.Switches["msa"] = RegimeMode.Failing;
        for (var n = 0; n < 4; n++)
            Assert.Equal(ConsultationOutcome.Incomplete, (await world.Host.AskAsync(new { question.nir, question.reason, regime = "msa" }).AnswerAsync()).Outcome);
        Assert.Equal(4, heard.Starting("cdr.rights.consultation.duration cdr.consultation.outcome=Incomplete").Count);
        // Degraded after three outages, while the other one is up.
        Assert.Equal((1d, 0d), (heard.Gauge("cdr.rights.regime.state regime=msa"), heard.Gauge("cdr.rights.regime.state regime=cnam")));
        // Each answer was committed: no commit takes no time, and none is empty.
        Assert.All(heard.All("cdr.rights.journal.commit.duration"), seconds => Assert.InRange(seconds, 0.000001, 60));
        Assert.InRange(heard.All("cdr.rights.journal.commit.size").Sum(), 6, 1000);
        Assert.Equal(0, heard.Starting("cdr.rights.consultation.refused").Sum());
    }

    [Fact]
    public async Task A_question_that_the_journal_could_not_keep_is_refused_and_counted_once()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Services = store.Register });
        using var heard = new Heard(world.Host.Services.GetRequiredService<IMeterFactory>());
        store.Cuts = sql => sql.Contains("INSERT", StringComparison.Ordinal);

        var problem = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).ProblemAsync();

        Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code));
        Assert.Equal([1], heard.All("cdr.rights.consultation.refused cdr.consultation.end=NoJournal"));
        Assert.Equal(1, heard.Starting("cdr.rights.consultation.refused").Sum());
        Assert.Empty(heard.Starting("cdr.rights.consultation.duration"));
    }

    [Fact]
    public async Task An_answer_that_does_not_open_is_refused_to_who_asks_again_and_to_no_line_of_a_file()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.EndedAsync(await world.Host.UploadAsync(Harness.Batches.Json([new { nir, regime = "cnam", reason = "emergency" }])).ProgressAsync());
        var question = new { id = Records.NewId(), nir, regime = "cnam", reason = "emergency" };
        await world.Host.AskAsync(question).AnswerAsync();
        await using var db = world.Host.Journal();
        // As where this process has not the newest key yet.
        foreach (var answer in await db.Records.Where(r => r.Kind == RecordKind.Answered).Select(r => r.Id).ToListAsync(TestContext.Current.CancellationToken))
            await db.SealElsewhereAsync(answer);

        await db.BatchLines.ExecuteUpdateAsync(set => set.SetProperty(l => l.State, BatchLineState.Waiting).SetProperty(l => l.Tries, 0), TestContext.Current.CancellationToken);
        using var heard = new Heard(world.Host.Services.GetRequiredService<IMeterFactory>());

        await world.Host.Services.GetRequiredService<LineRun>().RunAsync(batch.Id, 1, null, TestContext.Current.CancellationToken);

        Assert.Equal(BatchLineState.Answered, await db.BatchLines.Select(l => l.State).SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, heard.Starting("cdr.rights.consultation.refused").Sum());
        Assert.Equal("answer-not-opened", (await world.Host.AskAsync(question).ProblemAsync()).Code);
        Assert.Equal([1], heard.All("cdr.rights.consultation.refused cdr.consultation.end=NotOpened"));
    }

    [Fact]
    public void Lines_that_wait_are_told_by_their_number_and_the_age_of_the_oldest()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var meter = new BatchMeter(meters);
        using var heard = new Heard(meters);

        meter.Waiting(3, TimeSpan.FromSeconds(90.5));
        Assert.Equal((3d, 90.5), (heard.Gauge("cdr.rights.batch.waiting"), heard.Gauge("cdr.rights.batch.age")));
        meter.Waiting(0, TimeSpan.FromSeconds(-1));
        Assert.Equal((0d, 0d), (heard.Gauge("cdr.rights.batch.waiting"), heard.Gauge("cdr.rights.batch.age")));
    }

    /// <summary>Measurements of one factory's meters: name and tags, value.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly ConcurrentQueue<(string What, double Value)> all = new();
        private readonly MeterListener listener = new();

        public Heard(IMeterFactory meters)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                // Other tests run beside this one, on meters of their own.
                if (instrument.Meter.Scope == meters)
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
            listener.Start();
        }

        public List<double> All(string what) => [.. all.Where(one => one.What == what).Select(one => one.Value).Order()];

        public List<double> Starting(string what) => [.. all.Where(one => one.What.StartsWith(what, StringComparison.Ordinal)).Select(one => one.Value)];

        public double Gauge(string what)
        {
            listener.RecordObservableInstruments();
            return all.Last(one => one.What == what).Value;
        }

        public void Dispose() => listener.Dispose();

        private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            all.Enqueue((string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]), value));
    }
}
