using Cdr.EdgeAgent.HandOver;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>
/// Without <c>--ticket</c>: opens the sign-in page, whose link comes back to the agent with that browser's key. With it: signs in for the
/// program that asks, which redeems the ticket itself. Where no agent runs, this one stays as long as the session.
/// </summary>
internal static class LoginCommand
{
    public static async Task<int> RunAsync(CommandLine line, AgentSettings settings, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (!line.Ticket)
            return await OpenPageAsync(voice, settings);
        var request = new AgentRequest("login", line.Reader);
        if (await AskAsync(request, line, cancellationToken) is { } reply)
            return voice.Reply(reply);
        if (AgentAssembly.Make(settings, voice.Tell, inTerminal: true, out var fault) is not { } agent)
            return voice.Fail("library-missing", fault!);
        using (agent)
        {
            return await WatchCommand.StayAsync(agent, voice, async stop =>
            {
                var own = await agent.SignInAsync(line.Reader, null, stop);
                if (Choice.Of(own, line.Json) is { } reader)
                    own = await agent.SignInAsync(reader, null, stop);
                return voice.Reply(own);
            }, cancellationToken);
        }
    }

    private static async Task<AgentReply?> AskAsync(AgentRequest request, CommandLine line, CancellationToken cancellationToken)
    {
        var reply = await ControlSocket.AskAsync(request, cancellationToken);
        return reply is not null && Choice.Of(reply, line.Json) is { } reader ? await ControlSocket.AskAsync(request with { Reader = reader }, cancellationToken) : reply;
    }

    private static async Task<int> OpenPageAsync(Voice voice, AgentSettings settings)
    {
        if (settings.Platform is not { } platform)
            return voice.Reply(AgentWords.NoPlatform);
        return voice.Reply(await new BrowserOpener(settings).OpenSignInAsync(platform)
            ? new AgentReply(true, "page-opened", "La page de connexion est ouverte dans le navigateur.")
            : BrowserOpener.Missing(platform));
    }
}
