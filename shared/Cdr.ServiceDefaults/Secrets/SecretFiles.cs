using Microsoft.Extensions.Configuration;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>Settings that are files.</summary>
public static class SecretFiles
{
    /// <summary>Folders, separated by <c>;</c>, of one file a setting: <c>ConnectionStrings__Rights</c>. Whoever lists a process's environment reads none of them.</summary>
    public const string Setting = "Secrets:Folder";

    /// <summary>Before anything reads its settings. A folder that is not there stops the start.</summary>
    public static void AddSecretFiles(this ConfigurationManager configuration)
    {
        foreach (var folder in (configuration[Setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            configuration.AddKeyPerFile(folder, optional: false);
    }
}
