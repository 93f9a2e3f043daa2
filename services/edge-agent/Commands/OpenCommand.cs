using Cdr.EdgeAgent.HandOver;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>A <c>cdr:</c> link of the sign-in page: signs in for the browser whose key it brings.</summary>
internal static class OpenCommand
{
    public static async Task<int> RunAsync(CommandLine line, AgentSettings settings, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (CdrLink.Browser(line.Link!) is not { } browser)
            return voice.Fail("link-unreadable", "Ce lien n'est pas un lien de connexion.");
        if (await ControlSocket.AskAsync(new AgentRequest("login", Browser: browser), cancellationToken) is { } reply)
            return voice.Reply(reply);
        if (AgentAssembly.Make(settings, voice.Tell, out var fault) is not { } agent)
            return voice.Fail("library-missing", fault!);
        using (agent)
            return await WatchCommand.StayAsync(agent, voice, async stop => voice.Reply(await agent.SignInAsync(null, browser, stop)), cancellationToken);
    }
}
