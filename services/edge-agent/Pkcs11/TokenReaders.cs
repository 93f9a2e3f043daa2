using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Pcsc;

namespace Cdr.EdgeAgent.Pkcs11;

/// <summary>
/// The PC/SC reader behind a library's slot: libraries name their slots after their readers. It tells what PKCS#11 does not: the card's answer
/// to reset, whether it was out between two looks, whether other software is connected to it. A library that reaches its cards by another way
/// (GALSS) has none.
/// </summary>
internal sealed class TokenReaders(IPcsc pcsc) : IDisposable
{
    private IPcscContext? context;

    /// <summary>Null where no reader bears the name, or where several might.</summary>
    /// <exception cref="PcscException">The service does not answer.</exception>
    public SlotState? Of(string description)
    {
        if (description.Length == 0)
            return null;
        try
        {
            context ??= pcsc.Establish();
            // PKCS#11 cuts the name at 64 bytes.
            var states = context.Readers().Where(reader => reader.StartsWith(description, StringComparison.Ordinal)).Select(reader => new SlotState(reader)).ToList();
            if (states.Count > 0)
                context.Wait(states, TimeSpan.Zero);
            return states.Find(state => state.Reader == description) ?? Only(states) ?? Only(states.FindAll(state => state.HasCard));
        }
        catch (PcscException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What lies in the slot, by its name where no reader tells more; null: nothing any more.</summary>
    public CardFamily? FamilyOf(string description)
    {
        try
        {
            return FamilyOf(description, Of(description));
        }
        catch (PcscException)
        {
            return FamilyOf(description, null);
        }
    }

    public static CardFamily? FamilyOf(string description, SlotState? reader) => reader switch
    {
        { HasCard: true } => CardFamilies.Of(reader.Reader, reader.Atr),
        { HasCard: false } => null,
        // The library knows its cards.
        null => CardFamilies.Of(description, []) == CardFamily.Contactless ? CardFamily.Contactless : CardFamily.Cpx,
    };

    /// <summary>Resets the card that lies there, as far as <paramref name="reset"/> lets it.</summary>
    public void Reset(SlotState reader, CardReset reset)
    {
        try
        {
            context ??= pcsc.Establish();
            using var card = context.Connect(reader.Reader);
            card.Close(reset);
        }
        catch (Exception e) when (e is PcscException or CardLostException)
        {
            // Gone, or taken by somebody meanwhile: what we would have reset is not ours any more.
        }
    }

    public void Dispose()
    {
        context?.Dispose();
        context = null;
    }

    private static SlotState? Only(List<SlotState> states) => states is [var only] ? only : null;
}
