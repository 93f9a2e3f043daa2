namespace Cdr.Rights.Tests.Fishing;

/// <summary>The guard as an instance has it: on, with its defaults.</summary>
internal static class Guarded
{
    public static Dictionary<string, string?> Settings => new() { ["Fishing:Enabled"] = "true" };
}
