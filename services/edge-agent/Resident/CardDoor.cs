using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Pkcs11;

namespace Cdr.EdgeAgent.Resident;

/// <summary>The way to the cards that the settings chose: their own commands over PC/SC, or a PKCS#11 library.</summary>
internal sealed class CardDoor(IPcsc pcsc, Pkcs11Tokens? tokens, TimeProvider clock) : IDisposable
{
    /// <summary>Empty readers are seen too: a library is asked for cards alone.</summary>
    public bool TellsReaders => tokens is null;

    public ICardMonitor Monitor() => tokens is null ? new CardMonitor(pcsc, clock) : new TokenMonitor(tokens, pcsc, clock);

    /// <summary>The card of a slot; whatever is wrong with it is told by its first reading.</summary>
    public ICardSigner Open(string reader) => tokens is null ? new ReaderCard(pcsc, reader) : new Pkcs11Card(tokens, pcsc, reader);

    /// <summary>Whether the card in the slot is still the one that was read before.</summary>
    public CardProof Prove(string reader, CardFacts before)
    {
        using var signer = Open(reader);
        try
        {
            return signer.Read() switch
            {
                CardReading.Read { Card: var now } => now.IsSame(before) ? CardProof.Same : CardProof.Another,
                CardReading.Failed { Why: CardTrouble.NotOurs or CardTrouble.NoAuthenticationKey } => CardProof.Another,
                _ => CardProof.Unknown,
            };
        }
        finally
        {
            signer.Leave(CardReset.Never);
        }
    }

    public void Dispose() => tokens?.Dispose();

    /// <summary>A reader's card, with a connection to the service of its own: the monitor's is busy waiting.</summary>
    private sealed class ReaderCard(IPcsc pcsc, string reader) : ICardSigner
    {
        private IPcscContext? context;
        private IasCard? card;

        public CardReading Read()
        {
            try
            {
                context ??= pcsc.Establish();
                card ??= new IasCard(context.Connect(reader));
                return card.Read();
            }
            catch (PcscException e)
            {
                return new CardReading.Failed(IasCard.TroubleOf(PcscCodes.LossOf(e.Code)));
            }
            catch (CardLostException e)
            {
                return new CardReading.Failed(IasCard.TroubleOf(e.Loss));
            }
        }

        public CardSigning Sign(CardFacts facts, ReadOnlySpan<byte> pin, ReadOnlySpan<byte> value, string algorithm) =>
            card is null ? new CardSigning.Failed(CardTrouble.Withdrawn) : card.Sign(facts, pin, value, algorithm);

        public void Leave(CardReset reset) => card?.Leave(reset);

        public void Dispose()
        {
            card?.Dispose();
            context?.Dispose();
        }
    }
}
