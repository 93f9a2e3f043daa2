using System.Diagnostics.Metrics;
using Cdr.Contracts.Support;

namespace Cdr.Support.Metrics;

/// <summary>What waits, as the database has it: the same from every process. Nothing of a person, nor of an establishment.</summary>
internal sealed class TicketMeter
{
    private volatile TicketMeasure now = TicketMeasure.None;

    public TicketMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Cdr.Support");
        meter.CreateObservableGauge(
            "cdr.support.tickets", () => now.Tickets.Select(one => new Measurement<long>(one.Value, Tag("kind", one.Key.Kind), Tag("state", one.Key.State))), "{ticket}", "Tickets that are not over.");
        meter.CreateObservableGauge(
            "cdr.support.clocks", () => now.Clocks.Select(one => new Measurement<long>(one.Value, Tag("kind", one.Key.Kind), Tag("state", one.Key.State))), "{clock}", "Their clocks that are not met, by how they do.");
        meter.CreateObservableGauge("cdr.support.untouched.age", () => now.Untouched.TotalSeconds, "s", "Since when the hotline has the oldest ticket that nobody took; 0 where there is none.");
        meter.CreateObservableGauge("cdr.support.outbox.untold", () => now.Untold, "{message}", "Messages written with their ticket that the broker has not confirmed.");
        meter.CreateObservableGauge("cdr.support.outbox.age", () => now.UntoldFor.TotalSeconds, "s", "For how long this process has seen the oldest of them; 0 where there is none.");
        meter.CreateObservableGauge("cdr.support.outbox.aside", () => now.Aside, "{message}", "Messages of a type that this process does not know, or that it cannot read (left to a newer version, after six hours set aside): told to nobody by it.");
    }

    /// <value>As it was last counted.</value>
    public TicketMeasure Now => now;

    public void Measured(TicketMeasure measure) => now = measure;

    // As they cross the wire.
    private static KeyValuePair<string, object?> Tag<T>(string name, T value)
        where T : struct, Enum => new(name, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
}

/// <summary>How a clock does.</summary>
internal enum ClockHealth
{
    /// <summary>Others have the ticket.</summary>
    Paused,

    /// <summary>In time.</summary>
    Running,

    /// <summary>Most of its time is used.</summary>
    Warned,

    /// <summary>Its objective is missed.</summary>
    Breached,
}

/// <summary>One look at the database.</summary>
/// <param name="Tickets">That are not over.</param>
/// <param name="Clocks">Of them, not met.</param>
/// <param name="Untouched">Age of the oldest ticket that nobody took.</param>
/// <param name="Untold">Messages.</param>
/// <param name="UntoldFor">Age of the oldest.</param>
/// <param name="Aside">Messages that this version cannot tell.</param>
internal sealed record TicketMeasure(
    IReadOnlyDictionary<(TicketKind Kind, TicketState State), long> Tickets, IReadOnlyDictionary<(ClockKind Kind, ClockHealth State), long> Clocks, TimeSpan Untouched, long Untold, TimeSpan UntoldFor, long Aside)
{
    public static TicketMeasure None { get; } = new(new Dictionary<(TicketKind, TicketState), long>(), new Dictionary<(ClockKind, ClockHealth), long>(), default, 0, default, 0);
}
