namespace Cdr.EdgeAgent.Channels;

/// <summary>An answer and its status, once every part of it has been fetched.</summary>
internal readonly record struct CardReply(byte[] Data, ushort Status)
{
    public bool IsOk => Status == 0x9000;

    /// <summary>Tries left in 63Cx; null for any other status.</summary>
    public int? TriesLeft => (Status & 0xFFF0) == 0x63C0 ? Status & 0xF : null;
}

/// <summary>Commands and their whole answers: under T=0 it is the client who follows 61xx (more to fetch) and 6Cxx (another length).</summary>
internal sealed class CardDialogue(ICardChannel channel)
{
    // A card that always has more to say would be listened to for ever.
    private const int MostParts = 16;

    /// <summary>A command without data: <paramref name="expected"/> bytes of answer at most, 0 for 256.</summary>
    public CardReply Ask(byte instruction, byte p1, byte p2, byte expected) => Follow([0, instruction, p1, p2, expected]);

    /// <summary>A command with data.</summary>
    /// <param name="instruction">INS.</param>
    /// <param name="p1">P1.</param>
    /// <param name="p2">P2.</param>
    /// <param name="data">1 to 255 bytes.</param>
    /// <param name="answers">The command has an answer beside its status.</param>
    public CardReply Send(byte instruction, byte p1, byte p2, ReadOnlySpan<byte> data, bool answers = false)
    {
        var length = answers && !channel.IsT0;
        Span<byte> command = stackalloc byte[5 + data.Length + (length ? 1 : 0)];
        command[0] = 0;
        command[1] = instruction;
        command[2] = p1;
        command[3] = p2;
        command[4] = checked((byte)data.Length);
        data.CopyTo(command[5..]);
        if (length)
            command[^1] = 0;
        try
        {
            return Follow(command);
        }
        finally
        {
            // It may have been a PIN.
            command.Clear();
        }
    }

    private CardReply Follow(ReadOnlySpan<byte> command)
    {
        var (data, status) = Split(channel.Transmit(command));
        if (status >> 8 == 0x6C)
            (data, status) = Split(channel.Transmit([.. command[..4], (byte)status]));
        for (var part = 0; status >> 8 == 0x61; part++)
        {
            if (part == MostParts)
                throw new CardLostException(CardLoss.Failed, 0);
            var (more, next) = Split(channel.Transmit([0, 0xC0, 0, 0, (byte)status]));
            if (next >> 8 == 0x6C)
                (more, next) = Split(channel.Transmit([0, 0xC0, 0, 0, (byte)next]));
            (data, status) = ([.. data, .. more], next);
        }

        return new CardReply(data, status);
    }

    private static (byte[] Data, ushort Status) Split(byte[] answer) =>
        answer.Length >= 2 ? (answer[..^2], (ushort)(answer[^2] << 8 | answer[^1])) : throw new CardLostException(CardLoss.Failed, 0);
}
