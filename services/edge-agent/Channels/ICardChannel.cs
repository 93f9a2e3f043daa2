namespace Cdr.EdgeAgent.Channels;

/// <summary>A card that bytes can be sent to. Two kinds: a reader's (PC/SC), and a card of this process, which stands in for one.</summary>
internal interface ICardChannel : IDisposable
{
    /// <summary>Answer to reset.</summary>
    ReadOnlyMemory<byte> Atr { get; }

    /// <summary>T=0 carries one direction a command: a command with data takes no length of the answer.</summary>
    bool IsT0 { get; }

    /// <summary>One command, one answer that ends with its two status bytes.</summary>
    /// <exception cref="CardLostException">The card, the reader or the service went away.</exception>
    byte[] Transmit(ReadOnlySpan<byte> command);

    /// <summary>Nobody else speaks to the card until it is disposed of. Never while somebody types: connections of others wait for it.</summary>
    IDisposable Hold();

    /// <summary>Ends the connection, and with a reset the card's PIN state too.</summary>
    void Close(CardReset reset);
}

/// <summary>What becomes of the card's PIN state, which belongs to the card and not to the program: whoever comes next could sign without a PIN.</summary>
internal enum CardReset
{
    /// <summary>Left as it is: other software stays signed in, and so does the card.</summary>
    Never,

    /// <summary>Reset unless somebody else is connected.</summary>
    WhenAlone,

    /// <summary>Reset, and other software has to ask for its PIN again.</summary>
    Always,
}

/// <summary>How a card went away.</summary>
internal enum CardLoss
{
    /// <summary>Taken out of the reader, or the reader unplugged.</summary>
    Withdrawn,

    /// <summary>Reset by another program, or powered off: what was selected and verified is gone.</summary>
    Reset,

    /// <summary>The PC/SC service stopped.</summary>
    ServiceGone,

    /// <summary>Held by another program.</summary>
    Busy,

    /// <summary>Anything else that the reader said.</summary>
    Failed,
}

/// <summary>The conversation with the card ended.</summary>
internal sealed class CardLostException(CardLoss loss, uint code) : Exception($"{loss} ({code:X8})")
{
    public CardLoss Loss { get; } = loss;

    /// <summary>The PC/SC code, 0 where there is none.</summary>
    public uint Code { get; } = code;
}
