using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Pcsc;

/// <summary>The machine's card readers. The one seam to PC/SC: a package that binds it would go here.</summary>
internal interface IPcsc
{
    /// <summary>Whether readers come and go by themselves in <see cref="IPcscContext.Wait"/>; otherwise they have to be listed from time to time.</summary>
    bool TellsReaders { get; }

    /// <summary>A connection to the service.</summary>
    /// <exception cref="PcscException">The service does not answer, or is not there.</exception>
    IPcscContext Establish();
}

/// <summary>A connection to the service; worth nothing once the service has stopped.</summary>
internal interface IPcscContext : IDisposable
{
    /// <summary>Names of the readers' slots, in the service's order.</summary>
    IReadOnlyList<string> Readers();

    /// <summary>Waits until one of the slots is no longer as stated, and states how they are now.</summary>
    /// <returns>False when nothing changed in time, or somebody cancelled.</returns>
    bool Wait(IReadOnlyList<SlotState> slots, TimeSpan timeout);

    /// <summary>Ends a wait that another thread is in.</summary>
    void Cancel();

    /// <summary>Connects to the card, sharing it.</summary>
    /// <exception cref="CardLostException">There is none, or it does not let itself be shared.</exception>
    ICardChannel Connect(string reader);
}

/// <summary>A slot as the service states it; begins unaware.</summary>
internal sealed class SlotState(string reader)
{
    /// <summary>Stands for readers that come and go.</summary>
    public const string AnyReader = @"\\?PnP?\Notification";

    public string Reader { get; } = reader;

    /// <summary>SCARD_STATE_*; the upper half counts insertions and withdrawals.</summary>
    public uint State { get; set; }

    public byte[] Atr { get; set; } = [];

    public bool HasCard => (State & 0x20) != 0;

    /// <summary>Somebody is connected to the card.</summary>
    public bool InUse => (State & 0x180) != 0;

    /// <summary>Changed at each insertion and each withdrawal, also between two looks.</summary>
    public int Events => (int)(State >> 16);
}

/// <summary>What PC/SC said.</summary>
internal sealed class PcscException(uint code, string call) : Exception($"{call}: {code:X8}")
{
    public uint Code { get; } = code;
}
