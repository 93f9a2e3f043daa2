using System.Diagnostics.CodeAnalysis;

/// <summary>Named by <c>DOTNET_STARTUP_HOOKS</c>: the runtime then loads this assembly into the real program, where its hosting startup is found.</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this very name.")]
internal static class StartupHook
{
    public static void Initialize()
    {
    }
}
