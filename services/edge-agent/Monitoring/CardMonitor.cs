using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Pcsc;

namespace Cdr.EdgeAgent.Monitoring;

/// <summary>
/// Readers and cards through PC/SC, without polling. When the service goes (stopped, restarted, last reader unplugged on Windows, remote
/// desktop connected anew), its connection is worth nothing: dropped, and made anew after a second or more.
/// </summary>
internal sealed class CardMonitor(IPcsc pcsc, TimeProvider clock) : ICardMonitor
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // Where the system does not tell of readers, they are listed so often.
    private static readonly TimeSpan Listing = TimeSpan.FromSeconds(1);

    private readonly InsertionCounter insertions = new();

    public void Run(Action<MonitorNews> tell, CancellationToken cancellationToken)
    {
        var pause = Shortest;
        var told = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var context = pcsc.Establish();
                using var stop = new WaitEnd(context, cancellationToken);
                Watch(context, news =>
                {
                    // It answers: the next failure is a new one.
                    (pause, told) = (Shortest, false);
                    tell(news);
                }, cancellationToken);
            }
            catch (PcscException lost)
            {
                insertions.Forget();
                if (!told)
                    tell(new MonitorNews.Lost(lost.Code));
                told = true;
                Wait(pause, cancellationToken);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
            }
        }
    }

    private void Watch(IPcscContext context, Action<MonitorNews> tell, CancellationToken cancellationToken)
    {
        var states = new List<SlotState>();
        while (!cancellationToken.IsCancellationRequested)
        {
            var readers = context.Readers();
            states.RemoveAll(state => !readers.Contains(state.Reader));
            states.AddRange(readers.Where(reader => states.All(state => state.Reader != reader)).Select(reader => new SlotState(reader)));
            // Of slots seen for the first time: how they are, without waiting.
            if (states.Any(state => state.State == 0))
                context.Wait(states, TimeSpan.Zero);
            tell(new MonitorNews.Seen(Slots(states)));
            // Cancelled between the look above and the wait: the wait would not hear of it.
            if (cancellationToken.IsCancellationRequested)
                return;
            context.Wait(pcsc.TellsReaders ? [.. states, AnyReader(readers.Count)] : states, pcsc.TellsReaders ? Timeout.InfiniteTimeSpan : Listing);
        }
    }

    private List<Slot> Slots(List<SlotState> states)
    {
        insertions.Keep([.. states.Select(state => state.Reader)]);
        return states.ConvertAll(state => new Slot(
            state.Reader,
            state.HasCard ? CardFamilies.Of(state.Reader, state.Atr) : CardFamily.Other,
            insertions.Of(state.Reader, state.HasCard ? state.Events : null)));
    }

    /// <summary>Windows compares the number of readers, in the upper half; pcsc-lite takes it as unaware.</summary>
    private static SlotState AnyReader(int readers) => new(SlotState.AnyReader) { State = OperatingSystem.IsWindows() ? (uint)readers << 16 : 0 };

    private void Wait(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            Task.Delay(pause, clock, cancellationToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>Ends the wait, saying so until it has ended: whoever is not waiting yet is not told, and would wait for the next card.</summary>
    private sealed class WaitEnd : IDisposable
    {
        private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

        private readonly Lock gate = new();
        private readonly IPcscContext context;
        private readonly Timer saying;
        private readonly CancellationTokenRegistration told;
        private bool ended;

        public WaitEnd(IPcscContext context, CancellationToken cancellationToken)
        {
            this.context = context;
            // Not the exchangeable clock: it is the system that is told again.
            saying = new Timer(_ => Say(), null, Timeout.Infinite, Timeout.Infinite);
            told = cancellationToken.Register(() => saying.Change(TimeSpan.Zero, Again));
        }

        public void Dispose()
        {
            told.Dispose();
            // Afterwards the context is worth nothing.
            lock (gate)
                ended = true;
            saying.Dispose();
        }

        private void Say()
        {
            lock (gate)
            {
                if (!ended)
                    context.Cancel();
            }
        }
    }
}
