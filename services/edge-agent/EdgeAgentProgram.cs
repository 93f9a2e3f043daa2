using Cdr.EdgeAgent.Commands;

namespace Cdr.EdgeAgent;

/// <summary>The workstation's agent: <c>cdr-agent status | readers | login | logout | watch | diagnose</c>.</summary>
public static class EdgeAgentProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (CommandLine.Told(args) is { } told)
            return Voice.TryWrite(Console.Out, told) ? ExitCodes.Done : ExitCodes.Usage;

        if (CommandLine.Read(args, out var misunderstood) is not { } line)
            return new Voice(args.Contains("--json")).Misunderstood(misunderstood!);
        var sources = SettingsSources.Read();
        // A report says what is wrong with them; a logout needs none, and a lock hook that was not heard would leave a session open.
        if (sources.Faults is [var fault, ..] && line.Verb is not ("diagnose" or "logout"))
        {
            // Whoever clicked a link reads no terminal.
            if (line.Verb == "open")
                await OpenCommand.TellAsync(sources.Settings, fault.Reply);
            return new Voice(line.Json).Fail(fault.Reply);
        }

        using var stop = new StopSignals();
        return line.Verb switch
        {
            "status" => await StatusCommand.RunAsync(line, stop.Token),
            "readers" => ReadersCommand.Run(line),
            "login" => await LoginCommand.RunAsync(line, sources.Settings, stop.Token),
            "logout" => await LogoutCommand.RunAsync(line, stop.Token),
            "watch" => await WatchCommand.RunAsync(line, sources.Settings, stop.Token),
            "open" => await OpenCommand.RunAsync(line, sources.Settings, stop.Token),
            _ => await DiagnoseCommand.RunAsync(line, sources, stop.Token),
        };
    }
}
