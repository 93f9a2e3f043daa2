using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>The agent that stays: one in each OS session, started with it.</summary>
internal static class WatchCommand
{
    public static async Task<int> RunAsync(CommandLine line, AgentSettings settings, CancellationToken cancellationToken)
    {
        var voice = new Voice(line.Json);
        if (AgentAssembly.Make(settings, voice.Tell, inTerminal: false, out var fault) is not { } agent)
            return voice.Fail(new AgentReply(false, "library-missing", fault!, "Réglez « pkcs11 » : le chemin d'une bibliothèque installée, ou « auto » là où est la Cryptolib. « cdr-agent diagnose » dit où elle est cherchée."));
        using (agent)
            return await StayAsync(agent, voice, null, cancellationToken);
    }

    /// <summary>Runs an agent and answers its socket, until cancelled, or until what was begun has ended.</summary>
    /// <param name="agent">Not running yet.</param>
    /// <param name="voice">Of the command.</param>
    /// <param name="begin">What to do first; its exit code ends the command at once unless a session was opened, and then with it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<int> StayAsync(Agent agent, Voice voice, Func<CancellationToken, Task<int>>? begin, CancellationToken cancellationToken)
    {
        if (ControlSocket.Listen() is not { } socket)
            return voice.Fail(new AgentReply(false, "agent-running", "Un agent tourne déjà dans cette session.", "« cdr-agent status » le montre. Pour d'autres réglages, terminez-le d'abord."));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = agent.RunAsync(stop.Token);
        var serving = ControlSocket.ServeAsync(socket, agent.AnswerAsync, stop.Token);
        var code = ExitCodes.Done;
        try
        {
            await agent.LookedAsync(stop.Token);
            if (begin is null)
            {
                voice.Tell("watching", "L'agent surveille les cartes.");
                // A post that watches and can sign nobody in looks well otherwise.
                if (agent.HasNoPlatform)
                    voice.Tell(AgentWords.NoPlatform.Code, $"{AgentWords.NoPlatform.Words} {AgentWords.NoPlatform.Next}");
            }
            else
            {
                code = await begin(stop.Token);
                if (agent.Session is { } session)
                    await Task.WhenAny(session, running);
                await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop before anything was begun.
        }

        await running;
        await serving;
        return code;
    }
}
