using Cdr.EdgeAgent.Commands;

namespace Cdr.EdgeAgent;

/// <summary>The workstation's agent: <c>cdr-agent status | readers | login | logout | watch | diagnose</c>.</summary>
public static class EdgeAgentProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (CommandLine.Told(args) is { } told)
        {
            await Console.Out.WriteLineAsync(told);
            return ExitCodes.Done;
        }

        if (CommandLine.Read(args) is not { } line)
            return ExitCodes.Usage;
        if (AgentSettings.Load(out var fault) is not { } settings)
            return new Voice(line.Json).Fail("settings-unreadable", fault!);
        using var stop = new StopSignals();
        return line.Verb switch
        {
            "status" => await StatusCommand.RunAsync(line, stop.Token),
            "readers" => ReadersCommand.Run(line),
            "login" => await LoginCommand.RunAsync(line, settings, stop.Token),
            "logout" => await LogoutCommand.RunAsync(line, stop.Token),
            "watch" => await WatchCommand.RunAsync(line, settings, stop.Token),
            "open" => await OpenCommand.RunAsync(line, settings, stop.Token),
            _ => await DiagnoseCommand.RunAsync(line, settings, stop.Token),
        };
    }
}
