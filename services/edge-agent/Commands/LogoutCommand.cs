using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

internal static class LogoutCommand
{
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (await ControlSocket.AskAsync(new AgentRequest("logout", Because: line.Because), cancellationToken) is { } reply)
            return voice.Reply(reply);
        // Without an agent there is no session of this post.
        return voice.Reply(new AgentReply(true, "agent-not-running", "Aucun agent ne tourne : aucune session n'est ouverte."));
    }
}
