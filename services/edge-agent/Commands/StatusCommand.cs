using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

internal static class StatusCommand
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (await ControlSocket.AskAsync(new AgentRequest("status"), cancellationToken) is not { } reply)
        {
            voice.Reply(AgentWords.NoAgent());
            return ExitCodes.NotRunning;
        }

        return voice.Reply(reply.State is not { } state ? reply : reply with { Words = Words(state) });
    }

    private static string Words(AgentState state) => string.Join('\n',
    [
        $"Agent {state.Version}, plateforme {state.Platform ?? "non réglée"}.",
        .. state.Platform is null ? [AgentWords.NoPlatform.Next!] : Array.Empty<string>(),
        state.Session switch
        {
            "open" => $"Session ouverte depuis {state.Since:yyyy-MM-dd HH:mm} UTC.",
            "doubtful" => "Session en suspens : le lecteur ne répond plus.",
            _ => "Aucune session." + (state.LastEnd is null ? "" : $" La précédente : {state.LastEnd}."),
        },
        state.Monitor == "ok" ? $"Lecteurs : {state.Readers.Count}." : $"Les lecteurs ne répondent pas ({state.Monitor}).",
        state.SeesLocks ? "Verrouillage : vu." : "Verrouillage : le système ne le dit pas.",
        .. state.Readers.Select(reader => $"  {reader.Name} : {reader.Card ?? "vide"}"),
    ]);
}
