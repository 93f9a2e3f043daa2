using System.ComponentModel.DataAnnotations;

namespace Cdr.Sessions.Package;

/// <summary>The installation package that establishments download.</summary>
internal sealed class PackageOptions
{
    public const string Section = "Sessions:Package";

    /// <value>Folder with <c>licence.txt</c>, <c>read-first/</c>, <c>windows/</c>, <c>citrix-tse/</c>, <c>macos/</c>, <c>linux/</c>, and <c>readers.json</c> where it tells which readers serve. Default none: there is no package area.</value>
    public string? Folder { get; init; }

    /// <value>Version of the licence; raised when its text changes, which is then accepted again. Needed with a folder.</value>
    public string? LicenceVersion { get; init; }

    /// <value>How long credentials are good for. Default 90 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan Life { get; init; } = TimeSpan.FromDays(90);

    /// <value>How long it is kept, after its credentials ended, who asked for the package and what they downloaded and tried: the proof of an accepted licence. Default 1 year.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3653.00:00:00")]
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(365);

    public bool IsComplete => Folder is null || !string.IsNullOrEmpty(LicenceVersion) && File.Exists(Path.Combine(Folder, "licence.txt"));
}
