using System.Text.Json;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>How a command speaks: sentences for a person; with <c>--json</c> one object a line on the standard output, and nothing else there.</summary>
internal sealed class Voice(bool json)
{
    public static readonly JsonSerializerOptions Line = new(AgentSettings.Json) { WriteIndented = false };
    private readonly Lock gate = new();

    public void Tell(string code, string words)
    {
        lock (gate)
            Console.Out.WriteLine(json ? JsonSerializer.Serialize(new { code, words }, Line) : words);
    }

    /// <summary>Its exit code.</summary>
    public int Reply(AgentReply reply)
    {
        lock (gate)
        {
            if (json)
                Console.Out.WriteLine(JsonSerializer.Serialize(reply, Line));
            else
                WriteWords(reply);
        }

        return reply.Done ? ExitCodes.Done : reply.Code == AgentWords.Silent.Code ? ExitCodes.Silent : ExitCodes.Refused;
    }

    public int Fail(string code, string words) => Fail(new AgentReply(false, code, words));

    public int Fail(AgentReply reply)
    {
        Reply(reply);
        return ExitCodes.Usage;
    }

    /// <summary>What was typed is no command: a person sees the commands, too.</summary>
    public int Misunderstood(AgentReply reply)
    {
        Reply(reply);
        if (!json)
            Console.Error.WriteLine(CommandLine.Usage);
        return ExitCodes.Usage;
    }

    private static void WriteWords(AgentReply reply)
    {
        var output = reply.Done ? Console.Out : Console.Error;
        output.WriteLine(reply.Done ? reply.Words : $"{reply.Words} (code : {reply.Code})");
        if (reply.Next is not null)
            output.WriteLine(reply.Next);
        foreach (var warning in reply.Warnings ?? [])
            output.WriteLine("Attention : " + warning);
        foreach (var choice in reply.Choices ?? [])
            output.WriteLine("  " + choice);
        if (reply.Ticket is not null)
            output.WriteLine(reply.Ticket);
    }
}
