using System.Diagnostics.Metrics;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Metrics;
using Cdr.Support.Store;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Support.Tests.Features;

public sealed class MetricTests : HostTests
{
    [Fact]
    public void Every_state_is_open_or_over() => Assert.Equal(
        Enum.GetValues<TicketState>(),
        [.. MeasureTickets.Open.Concat([TicketState.Closed, TicketState.Merged, TicketState.Abandoned]).Order()]);

    [Fact]
    public async Task Tickets_clocks_and_the_oldest_that_nobody_took_are_gauges()
    {
        var taken = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, taken, TicketAction.Ask, "Quel lecteur ?");
        await Clerk.OpenAsync(Technical(), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await Referent.OpenAsync(Technical(send: true), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await Referent.OpenAsync(Inconsistent(Consult(), send: true), Cancel);
        var closed = await Referent.OpenAsync(Technical(), Cancel);
        await MoveAsync(Referent, closed, TicketAction.Abandon);

        Assert.Equal(
            [
                "cdr.support.clocks firstAnswer running 2", "cdr.support.clocks resolution paused 1", "cdr.support.clocks resolution running 2", "cdr.support.tickets dataInconsistency new 1",
                "cdr.support.tickets technical draft 1", "cdr.support.tickets technical new 1", "cdr.support.tickets technical waitingForRequester 1", "cdr.support.untouched.age 600",
            ],
            (await MeasuredAsync()).Where(one => !one.StartsWith("cdr.support.outbox", StringComparison.Ordinal)));

        // Of four hours, three and a half; then more than four.
        Clock.Advance(TimeSpan.FromMinutes(200));
        Assert.Contains("cdr.support.clocks firstAnswer warned 2", await MeasuredAsync());
        Clock.Advance(TimeSpan.FromMinutes(60));
        var late = await MeasuredAsync();
        Assert.Contains("cdr.support.clocks firstAnswer breached 2", late);
        Assert.Contains("cdr.support.untouched.age 16200", late);
    }

    [Fact]
    public async Task What_this_version_cannot_tell_is_counted_apart()
    {
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            db.Outbox.Add(new OutboxRow { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Type = "NoSuchMessage", Json = "{}" });
            await db.SaveChangesAsync(Cancel);
        }

        var measured = await MeasuredAsync();

        Assert.Contains("cdr.support.outbox.aside 1", measured);
        Assert.Contains("cdr.support.outbox.untold 0", measured);
    }

    private async Task<IReadOnlyList<string>> MeasuredAsync()
    {
        await Host.Services.GetServices<IHostedService>().OfType<MeasureTickets>().Single().RunOnceAsync(Cancel);
        var meters = Host.Services.GetRequiredService<IMeterFactory>();
        List<string> said = [];
        // Of this host alone: others run beside it.
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name.StartsWith("cdr.support.", StringComparison.Ordinal))
                    to.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => said.Add(Line(instrument, value, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => said.Add(Line(instrument, value, tags)));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. said.Order(StringComparer.Ordinal)];
    }

    private static string Line(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var line = instrument.Name;
        foreach (var tag in tags)
            line += " " + tag.Value;
        return FormattableString.Invariant($"{line} {value:0}");
    }
}
