using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Cdr.Rights.Tests.Harness;

/// <summary>Everything that telemetry is told: logs of every level with their values and exceptions, activities, tags of metrics.</summary>
internal sealed class Overheard : ILoggerProvider
{
    private readonly ConcurrentQueue<string> all = [];
    private readonly ActivityListener activities;
    private readonly MeterListener meters = new();

    public Overheard()
    {
        activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                Hear($"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription}");
                foreach (var (name, value) in activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)))
                    Hear($"{name}={value}");
                foreach (var (name, value) in activity.Baggage)
                    Hear($"{name}={value}");
            },
        };
        ActivitySource.AddActivityListener(activities);
        meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) => HearTags(tags));
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => HearTags(tags));
        meters.SetMeasurementEventCallback<int>((_, _, tags, _) => HearTags(tags));
        meters.Start();
    }

    public int Count => all.Count;

    public string Text() => string.Join('\n', all.Distinct());

    public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);

    public void Dispose()
    {
        activities.Dispose();
        meters.Dispose();
    }

    private void Hear(string text) => all.Enqueue(text);

    private void HearTags(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
            Hear($"{name}={value}");
    }

    private sealed class Ear(Overheard overheard, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            overheard.Hear($"{category}: {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            overheard.Hear($"{category}: {formatter(state, exception)} {exception}");
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                    overheard.Hear($"{name}={value}");
            }
        }
    }
}
