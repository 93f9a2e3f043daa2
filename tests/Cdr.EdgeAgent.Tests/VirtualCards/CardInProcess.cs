using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent.Tests.VirtualCards;

/// <summary>A virtual card as a channel of this process. It can be taken away, reset or exchanged before any command.</summary>
internal sealed class CardInProcess(VirtualCard card) : ICardChannel
{
    private VirtualCard card = card;
    private int commands;
    private bool closed;

    public ReadOnlyMemory<byte> Atr { get; } = card.Atr;

    public bool IsT0 => card.T0;

    /// <summary>Before this command, counted from 0, the card goes away so.</summary>
    public (int Command, CardLoss Loss)? LostAt { get; init; }

    public bool IsHeld { get; private set; }

    public CardReset? ClosedWith { get; private set; }

    public int Commands => commands;

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        Assert.False(closed);
        if (LostAt is { } lost && commands == lost.Command)
            throw new CardLostException(lost.Loss, 0);
        commands++;
        return card.Process(command.ToArray());
    }

    public void Exchange(VirtualCard other) => card = other;

    public IDisposable Hold()
    {
        Assert.False(IsHeld);
        IsHeld = true;
        return new Held(this);
    }

    public void Close(CardReset reset)
    {
        if (closed)
            return;
        closed = true;
        ClosedWith = reset;
        if (reset != CardReset.Never)
            card.Reset();
    }

    public void Dispose() => Close(CardReset.Never);

    private sealed class Held(CardInProcess channel) : IDisposable
    {
        public void Dispose() => channel.IsHeld = false;
    }
}
