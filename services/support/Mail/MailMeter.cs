using System.Diagnostics.Metrics;
using Cdr.ServiceDefaults.Measures;

namespace Cdr.Support.Mail;

/// <summary>What left and what waits. Nothing is said where no e-mail is sent.</summary>
internal sealed class MailMeter : IToldFromZero
{
    private readonly Counter<long> messages;
    private volatile Measure? now;

    public MailMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Cdr.Support");
        messages = meter.CreateCounter<long>("cdr.support.mail.messages", "{message}", "E-mail that was tried, by what became of it.");
        meter.CreateObservableGauge("cdr.support.mail.waiting", () => now is { } said ? [new Measurement<long>(said.Waiting)] : Array.Empty<Measurement<long>>(), "{message}", "E-mail that is due, or was tried and is tried again.");
        meter.CreateObservableGauge("cdr.support.mail.age", () => now is { } said ? [new Measurement<double>(said.Age.TotalSeconds)] : Array.Empty<Measurement<double>>(), "s", "Age of the oldest of them; 0 where there is none.");
    }

    public void Measured(long waiting, TimeSpan age) => now = new Measure(waiting, age);

    public void TellZero() => Count("setAside", 0);

    public void Count(string outcome, int count) => messages.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    private sealed record Measure(long Waiting, TimeSpan Age);
}

/// <summary>Rung where something is owed at once.</summary>
internal sealed class MailBell : IDisposable
{
    private readonly Notifications.OutboxBell bell = new();

    public void Ring() => bell.Ring();

    public Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken) => bell.WaitAsync(atMost, clock, cancellationToken);

    public void Dispose() => bell.Dispose();
}
