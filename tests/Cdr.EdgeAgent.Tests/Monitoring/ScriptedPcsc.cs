using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Pcsc;

namespace Cdr.EdgeAgent.Tests.Monitoring;

/// <summary>A service whose slots and failures the test decides, for what no service here can be brought to do: RDP, a stopped Windows service, odd readers.</summary>
internal sealed class ScriptedPcsc : IPcsc, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (byte[] Atr, int Events)> slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim changed = new(0);
    private uint? failure;
    private int waiting;

    public bool TellsReaders => true;

    /// <summary>The card of a reader that somebody connects to; by default it is gone again.</summary>
    public Func<string, ICardChannel> Connected { get; set; } = _ => throw new CardLostException(CardLoss.Withdrawn, PcscCodes.NoCard);

    /// <summary>How often a connection was asked for.</summary>
    public int Established { get; private set; }

    /// <summary>Happens just before somebody waits.</summary>
    public Action? BeforeWait { get; set; }

    public void Put(string reader, string atr)
    {
        lock (gate)
            slots[reader] = (Convert.FromHexString(atr), slots.GetValueOrDefault(reader).Events + 1);
        changed.Release();
    }

    public void Unplug(string reader)
    {
        lock (gate)
            slots.Remove(reader);
        changed.Release();
    }

    /// <summary>Out and back in between two looks: only the count of events tells.</summary>
    public void Blink(string reader)
    {
        lock (gate)
            slots[reader] = (slots[reader].Atr, slots[reader].Events + 2);
        changed.Release();
    }

    public void Fail(uint? code)
    {
        lock (gate)
            failure = code;
        changed.Release();
    }

    public IPcscContext Establish()
    {
        Established++;
        Check();
        return new Context(this);
    }

    public void Dispose() => changed.Dispose();

    private void Check()
    {
        lock (gate)
        {
            if (failure is { } code)
                throw new PcscException(code, "scripted");
        }
    }

    private sealed class Context(ScriptedPcsc service) : IPcscContext
    {
        public IReadOnlyList<string> Readers()
        {
            service.Check();
            lock (service.gate)
                return [.. service.slots.Keys];
        }

        public bool Wait(IReadOnlyList<SlotState> states, TimeSpan timeout)
        {
            if (timeout != TimeSpan.Zero)
            {
                service.BeforeWait?.Invoke();
                Interlocked.Increment(ref service.waiting);
                service.changed.Wait();
                Interlocked.Decrement(ref service.waiting);
            }

            service.Check();
            lock (service.gate)
            {
                foreach (var state in states)
                {
                    var (atr, events) = service.slots.GetValueOrDefault(state.Reader, ([], 0));
                    state.Atr = atr;
                    state.State = (uint)events << 16 | (atr.Length > 0 ? 0x20u : 0x10u);
                }
            }

            return true;
        }

        /// <summary>As pcsc-lite does: who does not wait yet is not told later.</summary>
        public void Cancel()
        {
            if (Volatile.Read(ref service.waiting) > 0)
                service.changed.Release();
        }

        public ICardChannel Connect(string reader) => service.Connected(reader);

        public void Dispose()
        {
        }
    }
}
