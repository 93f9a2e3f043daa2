namespace Cdr.Deployment.Tests;

/// <summary>The repository that these tests were built from. They start nothing of the platform, and reference none of its projects.</summary>
internal static class Files
{
    public static string Root { get; } = FindRoot();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(At(parts));

    /// <summary>Of a folder, by pattern, in order.</summary>
    public static IReadOnlyList<string> In(string folder, string pattern) => [.. Directory.GetFiles(At(folder), pattern).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "cdr-platform.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return root.FullName;
    }
}
