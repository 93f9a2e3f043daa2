using System.Collections.Concurrent;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.Pcsc;
using Cdr.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.EdgeAgent.Tests.Monitoring;

public sealed class CardMonitorTests : IAsyncDisposable
{
    private const string Cps3 = "3BAC00402A001225006480000310009000";
    private const string Vitale = "3B751300004809EA9000";
    private readonly ScriptedPcsc service = new();
    private readonly CountingClock clock = new();
    private readonly ConcurrentQueue<MonitorNews> told = new();
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    [Fact]
    public async Task Cards_and_readers_that_come_and_go_are_told()
    {
        service.Put("A", "");
        Start();
        await SeesAsync("A:-");
        service.Put("A", Cps3);
        await SeesAsync("A:Cps3/1");
        service.Put("B", Vitale);
        await SeesAsync("A:Cps3/1 B:Vitale/2");
        service.Put("A", "");
        await SeesAsync("A:- B:Vitale/2");
        service.Put("A", Cps3);
        await SeesAsync("A:Cps3/3 B:Vitale/2");
        service.Unplug("B");
        await SeesAsync("A:Cps3/3");
    }

    [Fact]
    public async Task It_stops_although_the_service_was_told_just_before_it_waited()
    {
        service.BeforeWait = stop.Cancel;
        Start();
        await running.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_card_that_was_out_between_two_looks_is_another_insertion()
    {
        service.Put("A", Cps3);
        Start();
        await SeesAsync("A:Cps3/1");
        service.Blink("A");
        await SeesAsync("A:Cps3/2");
    }

    [Theory]
    [InlineData(PcscCodes.CommunicationError)]
    [InlineData(PcscCodes.NoService)]
    [InlineData(PcscCodes.ServiceStopped)]
    [InlineData(0x80100001)]
    public async Task A_service_that_goes_is_told_once_and_asked_again_no_more_often_than_each_second(uint code)
    {
        service.Put("A", Cps3);
        Start();
        await SeesAsync("A:Cps3/1");
        service.Fail(code);
        await Deadline.UntilAsync("the loss is told", TimeSpan.FromSeconds(90), () => told.LastOrDefault() is MonitorNews.Lost, TestContext.Current.CancellationToken);
        var before = service.Established;
        await PausesAsync(1);
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(before, service.Established);
        await AgainAsync(before + 1, TimeSpan.FromMilliseconds(1));
        await PausesAsync(2);
        await AgainAsync(before + 2, TimeSpan.FromSeconds(2));
        await PausesAsync(3);
        await AgainAsync(before + 3, TimeSpan.FromSeconds(4));
        await PausesAsync(4);
        await AgainAsync(before + 4, TimeSpan.FromSeconds(5));
        await PausesAsync(5);
        Assert.Equal(1, told.Count(news => news is MonitorNews.Lost));
        Assert.Equal(code, told.OfType<MonitorNews.Lost>().Single().Code);

        service.Fail(null);
        clock.Advance(TimeSpan.FromSeconds(5));
        // What lay there before says nothing of what lies there now.
        await SeesAsync("A:Cps3/2");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
        service.Dispose();
    }

    private void Start() => running = Task.Factory.StartNew(
        () => new CardMonitor(service, clock).Run(told.Enqueue, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task AgainAsync(int times, TimeSpan after)
    {
        clock.Advance(after);
        await Deadline.UntilAsync($"the service was asked {times} times", TimeSpan.FromSeconds(60), () => service.Established == times, TestContext.Current.CancellationToken);
    }

    /// <summary>The pause begins a moment after the attempt that failed: time that is moved before it has begun is lost on it.</summary>
    private Task PausesAsync(int count) =>
        Deadline.UntilAsync($"{count} pauses have begun", TimeSpan.FromSeconds(60), () => clock.Timers == count, TestContext.Current.CancellationToken);

    private sealed class CountingClock : FakeTimeProvider
    {
        private int timers;

        public int Timers => Volatile.Read(ref timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref timers);
            return timer;
        }
    }

    private Task SeesAsync(string slots) => Deadline.UntilAsync($"« {slots} » is told", TimeSpan.FromSeconds(90), () =>
        told.LastOrDefault() is MonitorNews.Seen seen
        && string.Join(' ', seen.Slots.OrderBy(slot => slot.Reader, StringComparer.Ordinal).Select(slot => slot.HasCard ? $"{slot.Reader}:{slot.Family}/{slot.Insertion}" : $"{slot.Reader}:-")) == slots, TestContext.Current.CancellationToken);
}
