using System.Reflection;

namespace Cdr.Architecture.Tests;

/// <summary>The built assemblies, found beside the tests: a service added to the tree is in every rule without a word here.</summary>
internal static class Platform
{
    /// <summary>All of ours but tests.</summary>
    public static IReadOnlyCollection<Assembly> All { get; } =
        [.. Tree.Real.Projects.Where(path => !path.StartsWith("tests/", StringComparison.Ordinal)).Select(Load).OfType<Assembly>()];

    public static IReadOnlyCollection<Assembly> Services { get; } = Of("services/");

    public static Assembly Domain { get; } = All.Single(assembly => assembly.GetName().Name == "Cdr.Domain");

    public static Assembly Contracts { get; } = All.Single(assembly => assembly.GetName().Name == "Cdr.Contracts");

    public static IEnumerable<Type> Types(IEnumerable<Assembly> assemblies) => assemblies.SelectMany(assembly => assembly.GetTypes());

    private static Assembly[] Of(string folder) =>
        [.. Tree.Real.Projects.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Select(Load).OfType<Assembly>()];

    /// <summary>Null for a program that the embedded platform does not hold.</summary>
    private static Assembly? Load(string project)
    {
        var path = Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(project) + ".dll");
        return File.Exists(path) ? Assembly.LoadFrom(path) : null;
    }
}
