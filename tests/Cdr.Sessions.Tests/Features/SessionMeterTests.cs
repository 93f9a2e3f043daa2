using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

/// <summary>What operators are told of sessions: the values.</summary>
public sealed class SessionMeterTests(PrintedCards cards) : IDisposable
{
    private readonly SessionsHost host = new(cards);

    [Fact]
    public async Task Open_sessions_are_those_of_the_database_and_each_end_is_counted_once_by_its_reason()
    {
        var (silent, other) = (new TestAgent(host), new TestAgent(host));
        await silent.SignInAsync("cps-infirmier");
        var heard = await other.SignInAsync("cpe-referent");
        var ended = new ConcurrentQueue<(string? Reason, long Number)>();
        var open = -1L;
        using var listener = new MeterListener
        {
            // Other tests run beside this one, on meters of their own.
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name is "cdr.sessions.open" or "cdr.sessions.ended" && instrument.Meter.Scope == host.Services.GetRequiredService<IMeterFactory>())
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, number, tags, _) =>
        {
            if (instrument.Name == "cdr.sessions.open")
                open = number;
            else
                ended.Enqueue((tags[0].Value as string, number));
        });
        listener.Start();

        await LaterAsync(20);
        await other.StateAsync(heard.Session);
        Assert.Equal(2, await OpenAsync());
        await LaterAsync(41);
        await other.StateAsync(heard.Session);
        Assert.Equal(1, await OpenAsync());
        await other.StateAsync(heard.Session, AgentStatements.SignedOut);
        await LaterAsync(20);
        Assert.Equal(0, await OpenAsync());

        Assert.Equal([(SessionEnds.HeartbeatLost, 1L), (SessionEnds.SignedOut, 1L)], ended);

        async Task<long> OpenAsync()
        {
            await host.Services.GetRequiredService<Housekeeping>().RoundAsync(TestContext.Current.CancellationToken);
            listener.RecordObservableInstruments();
            return open;
        }
    }

    public void Dispose() => host.Dispose();

    private async Task LaterAsync(int seconds)
    {
        var watch = host.Services.GetRequiredService<PresenceWatch>();
        await watch.RoundAsync(TestContext.Current.CancellationToken);
        for (var left = seconds; left > 0; left -= 5)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(Math.Min(5, left)));
            await watch.RoundAsync(TestContext.Current.CancellationToken);
        }
    }
}
