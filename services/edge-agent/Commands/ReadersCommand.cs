using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>Readers and what lies in them, without an agent.</summary>
internal static class ReadersCommand
{
    public static int Run(CommandLine line) => new Voice(line.Json).Reply(Reply(new PcscLibrary()));

    internal static AgentReply Reply(IPcsc pcsc)
    {
        try
        {
            var readers = Look(pcsc);
            var reply = readers.Count == 0 ? AgentWords.NoReader : new AgentReply(true, "readers", string.Join('\n', readers.Select(reader => $"{reader.Name} : {reader.Card ?? "vide"}")));
            return reply with { Readers = readers };
        }
        catch (PcscException e)
        {
            return AgentWords.ServiceSilent(e.Code);
        }
    }

    /// <summary>As they are now.</summary>
    public static IReadOnlyList<ReaderState> Look(IPcsc pcsc)
    {
        using var context = pcsc.Establish();
        var states = context.Readers().Select(reader => new SlotState(reader)).ToList();
        if (states.Count > 0)
            context.Wait(states, TimeSpan.Zero);
        return states.ConvertAll(state =>
        {
            var family = CardFamilies.Of(state.Reader, state.Atr);
            return new ReaderState(state.Reader, state.HasCard ? family.Words() : null, state.HasCard && family.SignsIn());
        });
    }
}
