using System.Diagnostics.CodeAnalysis;
using System.Runtime.Loader;

/// <summary>Named by <c>DOTNET_STARTUP_HOOKS</c>: the runtime then loads this assembly into the real program, where its hosting startup is found.</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this very name.")]
internal static class StartupHook
{
    public static void Initialize() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        // The attributes of this assembly are of packages that the program has not.
        Path.Combine(Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!, name.Name + ".dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
}
