namespace Cdr.Testing.Platforms;

/// <summary>Where the built programs are.</summary>
public static class Repository
{
    /// <summary>Its root folder: the one with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Release or Debug: the programs are those of the tests' own configuration (…/bin/Release/net10.0/).</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;

    /// <summary>A project's built program.</summary>
    /// <param name="folder">From the root: <c>services/rights</c>.</param>
    /// <param name="assembly">Its name.</param>
    public static string Program(string folder, string assembly)
    {
        var path = Path.Combine(Root, folder, "bin", Configuration, "net10.0", assembly + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"Not built: dotnet build -c {Configuration} {folder}", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "cdr-platform.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
