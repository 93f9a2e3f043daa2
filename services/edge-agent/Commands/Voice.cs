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
            TryWrite(Console.Out, json ? JsonSerializer.Serialize(new { code, words }, Line) : words);
    }

    /// <summary>Its exit code.</summary>
    public int Reply(AgentReply reply)
    {
        lock (gate)
        {
            if (json)
                TryWrite(Console.Out, JsonSerializer.Serialize(reply, Line));
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
            TryWrite(Console.Error, CommandLine.Usage);
        return ExitCodes.Usage;
    }

    /// <summary>False: that output is full or closed. What was to be done is done all the same, and a session is watched on.</summary>
    public static bool TryWrite(TextWriter output, string text)
    {
        try
        {
            output.WriteLine(text);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void WriteWords(AgentReply reply)
    {
        var output = reply.Done ? Console.Out : Console.Error;
        string?[] lines =
        [
            reply.Done ? reply.Words : $"{reply.Words} (code : {reply.Code})", reply.Next,
            .. (reply.Warnings ?? []).Select(warning => "Attention : " + warning), .. (reply.Choices ?? []).Select(choice => "  " + choice), reply.Ticket,
        ];
        foreach (var line in lines.OfType<string>())
            TryWrite(output, line);
    }
}
