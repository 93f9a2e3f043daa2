using System.Globalization;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>Several cards: the person says which.</summary>
internal static class Choice
{
    /// <summary>The reader; null where there is nothing to choose, or nobody to ask.</summary>
    public static string? Of(AgentReply reply, bool json)
    {
        if (reply.Choices is not { Count: > 1 } readers || json || Console.IsInputRedirected)
            return null;
        Console.Error.WriteLine(reply.Words);
        for (var at = 0; at < readers.Count; at++)
            Console.Error.WriteLine($"  {at + 1}  {readers[at]}");
        Console.Error.Write("Laquelle ? ");
        return int.TryParse(Console.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen) && chosen >= 1 && chosen <= readers.Count ? readers[chosen - 1] : null;
    }
}
