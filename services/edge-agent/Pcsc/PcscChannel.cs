using Cdr.EdgeAgent.Channels;
using static Cdr.EdgeAgent.Pcsc.PcscLibrary;

namespace Cdr.EdgeAgent.Pcsc;

/// <summary>A card in a reader, shared with other programs.</summary>
internal sealed unsafe class PcscChannel : ICardChannel
{
    private const uint Shared = 2;
    private const uint T0 = 1;
    private const uint T1 = 2;
    private const uint Leave = 0;
    private const uint Reset = 1;

    // 256 bytes and the status; the library wants room for an extended answer.
    private const int AnswerRoom = 65538;

    private static readonly PcscLayout Layout = PcscLayout.Here;

    private readonly IPcscContext context;
    private readonly nint service;
    private readonly string reader;
    private readonly byte[] answer = new byte[AnswerRoom];
    private nint card;
    private readonly uint protocol;

    private PcscChannel(IPcscContext context, nint service, string reader, nint card, uint protocol)
    {
        this.context = context;
        this.service = service;
        this.reader = reader;
        this.card = card;
        this.protocol = protocol;
        Atr = ReadAtr();
    }

    public ReadOnlyMemory<byte> Atr { get; }

    public bool IsT0 => protocol == T0;

    /// <summary>T=0 where the card offers it, as its family was observed; T=1 otherwise.</summary>
    public static PcscChannel Open(IPcscContext context, nint service, string reader)
    {
        var (card, protocol) = Connect(service, reader);
        return new PcscChannel(context, service, reader, card, protocol);
    }

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        var call = (delegate* unmanaged<nint, void*, void*, nuint, void*, void*, void*, nint>)Function("SCardTransmit");
        var request = stackalloc byte[Layout.RequestSize];
        Layout.WriteNumber(new Span<byte>(request, Layout.Number), protocol);
        Layout.WriteNumber(new Span<byte>(request + Layout.Number, Layout.Number), (uint)Layout.RequestSize);
        ulong length = AnswerRoom;
        uint code;
        fixed (byte* sent = command)
        fixed (byte* received = answer)
            code = CodeOf(call(card, request, sent, (nuint)command.Length, null, received, &length));
        Lost(code);
        return answer[..(int)(uint)length];
    }

    public IDisposable Hold()
    {
        Lost(CodeOf(((delegate* unmanaged<nint, nint>)Function("SCardBeginTransaction"))(card)));
        return new Held(this);
    }

    public void Close(CardReset reset)
    {
        if (card == 0)
            return;
        Disconnect(reset == CardReset.Always ? Reset : Leave);
        if (reset != CardReset.WhenAlone)
            return;
        try
        {
            // Our own connection counts as use: seen only once it is closed.
            var slot = new SlotState(reader);
            if (!context.Wait([slot], TimeSpan.Zero) || !slot.HasCard || slot.InUse)
                return;
            (card, _) = Connect(service, reader);
            Disconnect(Reset);
        }
        catch (PcscException)
        {
            // Gone, or taken by somebody meanwhile: what we would have reset is not ours any more.
        }
    }

    public void Dispose() => Close(CardReset.Never);

    private static (nint Card, uint Protocol) Connect(nint service, string reader)
    {
        var call = (delegate* unmanaged<nint, void*, nuint, nuint, void*, void*, nint>)Function(Named("SCardConnect"));
        long handle = 0;
        ulong active = 0;
        fixed (byte* name = Layout.NameOf(reader))
        {
            var code = CodeOf(call(service, name, Shared, T0, &handle, &active));
            if (code == PcscCodes.ProtocolMismatch)
                code = CodeOf(call(service, name, Shared, T1, &handle, &active));
            Check((nint)code, "SCardConnect");
        }

        return (HandleOf(handle), (uint)active);
    }

    private byte[] ReadAtr()
    {
        var call = (delegate* unmanaged<nint, void*, void*, void*, void*, void*, void*, nint>)Function(Named("SCardStatus"));
        var name = stackalloc byte[1024];
        ulong nameRoom = 512, state = 0, active = 0, length = 36;
        var atr = stackalloc byte[36];
        Check(call(card, name, &nameRoom, &state, &active, atr, &length), "SCardStatus");
        return new Span<byte>(atr, (int)(uint)length).ToArray();
    }

    private void Disconnect(uint disposition)
    {
        _ = ((delegate* unmanaged<nint, nuint, nint>)Function("SCardDisconnect"))(card, disposition);
        card = 0;
    }

    private static void Lost(uint code)
    {
        if (code != 0)
            throw new CardLostException(PcscCodes.LossOf(code), code);
    }

    private sealed class Held(PcscChannel channel) : IDisposable
    {
        public void Dispose()
        {
            if (channel.card != 0)
                _ = ((delegate* unmanaged<nint, nuint, nint>)Function("SCardEndTransaction"))(channel.card, Leave);
        }
    }
}
