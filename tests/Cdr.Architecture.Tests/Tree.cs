using System.Xml.Linq;

namespace Cdr.Architecture.Tests;

/// <summary>The repository's files by their path from its root, with slashes; or those that a test invents.</summary>
internal sealed class Tree(IReadOnlyDictionary<string, string> files)
{
    private static readonly string[] Built = ["bin", "obj", ".git", "artifacts", "node_modules"];
    private static readonly string[] Read = [".cs", ".csproj", ".sln", ".props", ".json"];

    /// <summary>Of the repository these tests were built from.</summary>
    public static string Root { get; } = FindRoot().FullName;

    /// <summary>That repository.</summary>
    public static Tree Real { get; } = new(ReadAll(new DirectoryInfo(Root)));

    public IReadOnlyDictionary<string, string> Files { get; } = files;

    public IEnumerable<string> Projects => Files.Keys.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Written C#: migrations are generated.</summary>
    public IEnumerable<KeyValuePair<string, string>> Sources(params string[] under) => Files.Where(file =>
        file.Key.EndsWith(".cs", StringComparison.Ordinal) && !file.Key.Contains("/Migrations/", StringComparison.Ordinal) && !file.Key.Contains("/Generated/", StringComparison.Ordinal)
        && under.Any(folder => file.Key.StartsWith(folder, StringComparison.Ordinal)));

    public XElement Project(string path) => XDocument.Parse(Files[path]).Root!;

    public static Tree Of(params (string Path, string Text)[] files) => new(files.ToDictionary(file => file.Path, file => file.Text));

    private static DirectoryInfo FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "cdr-platform.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return root;
    }

    private static Dictionary<string, string> ReadAll(DirectoryInfo root) =>
        Walk(root)
            .Where(file => Read.Contains(file.Extension))
            .ToDictionary(file => Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'), file => File.ReadAllText(file.FullName));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(inner => !Built.Contains(inner.Name)).SelectMany(Walk));
}
