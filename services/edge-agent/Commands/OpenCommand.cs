using Cdr.EdgeAgent.HandOver;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>A <c>cdr:</c> link of the sign-in page: signs in for the browser whose key it brings. Whoever clicked has no terminal: windows tell and ask.</summary>
internal static class OpenCommand
{
    public static async Task<int> RunAsync(CommandLine line, AgentSettings settings, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (CdrLink.Browser(line.Link!) is not { } browser)
            return voice.Fail(new AgentReply(false, "link-unreadable", "Ce lien n'est pas un lien de connexion.", "Attendu : cdr:sign-in?browser=… Rechargez la page de connexion et cliquez de nouveau."));
        Task<AgentReply?> Resident(string? reader) => ControlSocket.AskAsync(new AgentRequest("login", reader, browser), cancellationToken);
        if (await Resident(null) is { } first)
            return voice.Reply(await ConcludeAsync(settings, first, async reader => await Resident(reader) ?? first));
        if (AgentAssembly.Make(settings, voice.Tell, inTerminal: false, out var fault) is not { } agent)
        {
            var missing = new AgentReply(false, "library-missing", fault!);
            await TellAsync(settings, missing);
            return voice.Fail(missing);
        }

        using (agent)
        {
            return await WatchCommand.StayAsync(agent, voice, async stop =>
                voice.Reply(await ConcludeAsync(settings, await agent.SignInAsync(null, browser, stop), reader => agent.SignInAsync(reader, browser, stop))), cancellationToken);
        }
    }

    /// <summary>In a window: what is wrong, what to do, and its code.</summary>
    public static async Task TellAsync(AgentSettings settings, AgentReply reply)
    {
        var words = string.Join('\n', new[] { reply.Words, reply.Next, $"Code : {reply.Code}" }.OfType<string>());
        // The program that would show it may be the very one that is missing.
        if (!await new DesktopWindow(settings.PinProgram).TellAsync(words))
            await new BrowserOpener(settings).TellAsync(words);
    }

    private static async Task<AgentReply> ConcludeAsync(AgentSettings settings, AgentReply reply, Func<string, Task<AgentReply>> signIn)
    {
        if (reply.Choices is { Count: > 1 } readers && await new DesktopWindow(settings.PinProgram).ChooseAsync("Plusieurs cartes sont présentes. Utiliser celle du lecteur", readers) is { } reader)
            reply = await signIn(reader);
        // Giving up, and a window that is open already, need no second one.
        if (!reply.Done && reply.Code is not ("pin-cancelled" or "sign-in-under-way"))
            await TellAsync(settings, reply);
        return reply;
    }
}
