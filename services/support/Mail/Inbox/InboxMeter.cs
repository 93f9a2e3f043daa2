using System.Diagnostics.Metrics;

namespace Cdr.Support.Mail.Inbox;

/// <summary>What arrived, and since when the mailbox was looked at. Nothing is said where none is.</summary>
internal sealed class InboxMeter
{
    private readonly Counter<long> received;
    private readonly TimeProvider clock;
    private DateTimeOffset? looked;

    public InboxMeter(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var meter = meters.Create("Cdr.Support");
        received = meter.CreateCounter<long>("cdr.support.mail.received", "{message}", "Messages of the mailbox of answers, by what became of each.");
        meter.CreateObservableGauge("cdr.support.mail.inbox.age", () => looked is { } at ? [new Measurement<double>((this.clock.GetUtcNow() - at).TotalSeconds)] : Array.Empty<Measurement<double>>(), "s", "Since when the mailbox of answers was looked at to its end.");
    }

    /// <summary>To its end: what is not yet counted from here.</summary>
    public void Looked() => looked = clock.GetUtcNow();

    public void Begin() => looked ??= clock.GetUtcNow();

    public void Count(string outcome) => received.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
