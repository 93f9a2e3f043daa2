namespace Cdr.EdgeAgent;

/// <summary>What somebody meant to type.</summary>
internal static class Nearest
{
    private const int MostSlips = 3;

    /// <summary>The name that takes the fewest changes.</summary>
    public static string Of(string typed, IEnumerable<string> names) => names.MinBy(name => Distance(typed.ToUpperInvariant(), name.ToUpperInvariant()))!;

    /// <summary>Whether it is that name with a slip or two, and nothing else that was put in its place.</summary>
    public static bool IsSlip(string typed, string name) => Distance(typed.ToUpperInvariant(), name.ToUpperInvariant()) <= MostSlips;

    /// <summary>Letters to change, add or leave out.</summary>
    private static int Distance(string one, string other)
    {
        var before = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var letter in one)
        {
            var row = new int[other.Length + 1];
            row[0] = before[0] + 1;
            for (var at = 1; at <= other.Length; at++)
                row[at] = Math.Min(Math.Min(row[at - 1], before[at]) + 1, before[at - 1] + (letter == other[at - 1] ? 0 : 1));
            before = row;
        }

        return before[^1];
    }
}
