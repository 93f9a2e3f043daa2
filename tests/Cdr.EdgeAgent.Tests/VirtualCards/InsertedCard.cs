using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Cdr.EdgeAgent.Tests.VirtualCards;

/// <summary>A virtual card in a slot of vpcd: connecting inserts it, closing withdraws it. u16 length and payload; one byte is a control.</summary>
internal sealed class InsertedCard : IDisposable
{
    private const int QuickAck = 12;
    private readonly VirtualCard card;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Thread conversation;
    private readonly TaskCompletionSource powered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private InsertedCard(VirtualCard card, int port)
    {
        this.card = card;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        conversation = new Thread(Converse) { IsBackground = true };
        conversation.Start();
    }

    /// <summary>Returns once the card service has given it power: until then no program sees a card.</summary>
    public static InsertedCard Insert(VirtualCard card, int port)
    {
        var inserted = new InsertedCard(card, port);
        if (inserted.powered.Task.Wait(TimeSpan.FromSeconds(60)))
            return inserted;
        inserted.Dispose();
        throw new TimeoutException("The card service gave the card no power in 60 s.");
    }

    /// <summary>Takes it out.</summary>
    public void Withdraw() => socket.Close();

    public void Dispose()
    {
        socket.Close();
        conversation.Join(TimeSpan.FromSeconds(5));
    }

    private void Converse()
    {
        try
        {
            while (true)
            {
                var header = new byte[2];
                Receive(header);
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(header)];
                Receive(message);
                switch (message)
                {
                    case [0 or 1 or 2]:
                        card.Reset();
                        if (message is not [0])
                            powered.TrySetResult();
                        break;
                    case [4]:
                        Send(card.Atr);
                        break;
                    default:
                        Send(card.Process(message));
                        break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // Withdrawn, or the service died.
        }
    }

    private void Receive(Span<byte> into)
    {
        // Otherwise each exchange waits 43 ms for the kernel's delayed acknowledgement. Forgotten by the kernel, so asked each time.
        socket.SetRawSocketOption(6, QuickAck, BitConverter.GetBytes(1));
        while (into.Length > 0)
        {
            var read = socket.Receive(into);
            if (read == 0)
                throw new EndOfStreamException();
            into = into[read..];
        }
    }

    private void Send(byte[] answer)
    {
        var message = new byte[2 + answer.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)answer.Length);
        answer.CopyTo(message, 2);
        socket.Send(message);
    }
}
