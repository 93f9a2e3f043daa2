namespace Cdr.Bench.Running;

internal static class Table
{
    private const string Held = "held";
    private const string NotHeld = "NOT held";

    public static void Print(IReadOnlyList<FigureRow> rows)
    {
        Console.WriteLine();
        var (what, figure, goal) = (rows.Max(r => r.What.Length), rows.Max(r => r.Figure.Length), rows.Max(r => r.Goal?.Text.Length ?? 0));
        (figure, goal) = (Math.Max(figure, 29), Math.Max(goal, 4));
        Console.WriteLine($"| {"what".PadRight(what)} | {"figure: median (least – most)".PadRight(figure)} | {"goal".PadRight(goal)} | {"verdict",-8} |");
        Console.WriteLine($"| {new string('-', what)} | {new string('-', figure)} | {new string('-', goal)} | {new string('-', NotHeld.Length)} |");
        foreach (var row in rows)
            Console.WriteLine($"| {row.What.PadRight(what)} | {row.Figure.PadRight(figure)} | {(row.Goal?.Text ?? "").PadRight(goal)} | {Verdict(row),-8} |");
    }

    /// <summary>How many goals were held, and each that was not, with its figure.</summary>
    public static string Sum(IReadOnlyList<FigureRow> rows)
    {
        var goals = rows.Count(row => row.Goal is not null);
        if (goals == 0)
            return "No goal is set for this part.";
        List<string> missed = [];
        var heading = "";
        foreach (var row in rows)
        {
            if (!row.What.StartsWith(' '))
                heading = row.What;
            if (row.Goal is { IsHeld: false } goal)
                missed.Add($"{(heading == row.What ? "" : heading + ", ")}{row.What.Trim()}: {row.Figure} where the goal is {goal.Text}");
        }

        return $"{goals - missed.Count} of {goals} goals held{(missed.Count == 0 ? "." : "; not held: " + string.Join("; ", missed) + ".")}";
    }

    private static string Verdict(FigureRow row) => row.Goal is null ? "" : row.Goal.IsHeld ? Held : NotHeld;
}
