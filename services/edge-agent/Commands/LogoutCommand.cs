using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

internal static class LogoutCommand
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (await ControlSocket.AskAsync(new AgentRequest("logout", Because: line.Because), cancellationToken) is { } reply)
            return voice.Reply(reply);
        // A session may be open all the same: of an agent that was not found.
        var none = AgentWords.NoAgent();
        voice.Reply(OtherAgents.Count() > 0 ? none : none with { Next = "Sans agent, une session se ferme d'elle-même en une minute ; pour la fermer tout de suite, déconnectez-vous dans la page." });
        return ExitCodes.NotRunning;
    }
}
