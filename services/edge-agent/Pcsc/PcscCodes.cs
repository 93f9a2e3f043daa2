using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Pcsc;

/// <summary>The codes that mean something to us; the same numbers everywhere.</summary>
internal static class PcscCodes
{
    public const uint Cancelled = 0x80100002;
    public const uint UnknownReader = 0x80100009;
    public const uint Timeout = 0x8010000A;
    public const uint SharingViolation = 0x8010000B;
    public const uint NoCard = 0x8010000C;
    public const uint ProtocolMismatch = 0x8010000F;
    public const uint CommunicationError = 0x80100013;
    public const uint ReaderUnavailable = 0x80100017;
    public const uint NoService = 0x8010001D;
    public const uint ServiceStopped = 0x8010001E;
    public const uint NoReaders = 0x8010002E;
    public const uint Unpowered = 0x80100067;
    public const uint Reset = 0x80100068;
    public const uint Removed = 0x80100069;

    /// <summary>The library itself is not there: no PC/SC on this machine.</summary>
    public const uint NoLibrary = 0x801000FF;

    /// <summary>What a code of a conversation with a card says of the card.</summary>
    public static CardLoss LossOf(uint code) => code switch
    {
        Removed or NoCard or ReaderUnavailable or UnknownReader or NoReaders => CardLoss.Withdrawn,
        Reset or Unpowered => CardLoss.Reset,
        CommunicationError or NoService or ServiceStopped or NoLibrary => CardLoss.ServiceGone,
        SharingViolation => CardLoss.Busy,
        _ => CardLoss.Failed,
    };
}
