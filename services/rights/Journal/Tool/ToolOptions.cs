namespace Cdr.Rights.Journal.Tool;

/// <summary>Words and options of a command line.</summary>
internal sealed class ToolOptions
{
    private static readonly string[] Alone = ["--json", "--dry-run"];
    private static readonly string[] WithValue = ["--anchor", "--keys", "--policy", "--connection"];
    private readonly List<(string Name, string Value)> options = [];

    public ToolOptions(string[] words)
    {
        List<string> plain = [];
        for (var place = 0; place < words.Length; place++)
        {
            if (!words[place].StartsWith("--", StringComparison.Ordinal))
                plain.Add(words[place]);
            else if (Alone.Contains(words[place]))
                options.Add((words[place], ""));
            else if (WithValue.Contains(words[place]) && place + 1 < words.Length)
                options.Add((words[place], words[++place]));
            else
                Wrong ??= words[place];
        }

        Words = [.. plain];
    }

    public string[] Words { get; }

    /// <value>The first that is not known, or lacks its value; null where all are understood. A mistyped « --dry-run » would purge.</value>
    public string? Wrong { get; }

    public bool Has(string name) => options.Exists(option => option.Name == name);

    public IReadOnlyList<string> All(string name) => [.. options.Where(option => option.Name == name).Select(option => option.Value)];
}

/// <summary>Says how far long work is, each few seconds, where it disturbs no output.</summary>
internal sealed class ToolProgress(TextWriter errors, TimeProvider clock) : IProgress<Verification.VerificationProgress>
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);
    private readonly Lock turn = new();
    private long said = clock.GetTimestamp();

    public void Report(Verification.VerificationProgress value)
    {
        lock (turn)
        {
            if (clock.GetElapsedTime(said) < Often)
                return;
            said = clock.GetTimestamp();
            errors.WriteLine(FormattableString.Invariant($"… {value.Done} {value.Step}"));
        }
    }
}
