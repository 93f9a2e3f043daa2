using System.Text.RegularExpressions;

namespace Cdr.EdgeAgent.Diagnosis;

/// <summary>Paths as a report tells them: a user's home bears the user's name.</summary>
internal static partial class ToldPath
{
    private const string Own = "~";
    private const string Others = "~*";

    /// <summary>Homes that the system knows of, wherever they lie. Services' are none.</summary>
    private static readonly Lazy<string[]> Known = new(() => OperatingSystem.IsLinux() && File.Exists("/etc/passwd") ? HomesOf(File.ReadAllLines("/etc/passwd")) : []);

    private static string[] OwnHomes =>
        [.. new[] { Environment.GetEnvironmentVariable("HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) }.OfType<string>().Select(home => home.TrimEnd('/', '\\')).Where(home => home.Length > 1).Distinct()];

    /// <summary>A path, or the name of a program.</summary>
    public static string? Of(string? path) => path is null ? null : Of(path, OwnHomes, Known.Value, Environment.UserName);

    internal static string Of(string path, IEnumerable<string> own, IEnumerable<string> known, string user)
    {
        // The longest: a home may lie in another's.
        var (mark, home) = own.Select(one => (Mark: Own, Home: one)).Concat(known.Select(one => (Mark: Others, Home: one))).Where(one => IsUnder(path, one.Home)).OrderByDescending(one => one.Home.Length).FirstOrDefault();
        var rest = home is null ? path : path[home.Length..];
        if (home is null && (Domains().Match(path) is { Success: true } two ? two : Homes().Match(path)) is { Success: true } unknown)
            (mark, rest) = (Others, path[unknown.Length..]);
        // /media/NAME, /run/media/NAME…
        return mark + (user.Length == 0 ? rest : Regex.Replace(rest, $@"(?<=[/\\]){Regex.Escape(user)}(?=[/\\]|$)", "*", RegexOptions.IgnoreCase));
    }

    internal static string[] HomesOf(IEnumerable<string> passwords) =>
        [.. passwords.Select(line => line.Split(':')).Where(words => words.Length >= 7 && int.TryParse(words[2], out var id) && id is 0 or >= 1000 and < 65534).Select(words => words[5].TrimEnd('/')).Where(home => home.Length > 1)];

    private static bool IsUnder(string path, string home) =>
        path.StartsWith(home, OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) && (path.Length == home.Length || path[home.Length] is '/' or '\\');

    // /home/DOMAIN/NAME, where nobody is known whose home /home/DOMAIN would be: one folder too many goes, rather than a name stays.
    [GeneratedRegex(@"^(?:/var|/export|/srv)?/home/[^/]+/[^/]+(?=/)", RegexOptions.IgnoreCase)]
    private static partial Regex Domains();

    [GeneratedRegex(@"^(?:(?:/var|/export|/srv)?/home/[^/]+|/Users/(?!Shared(?:/|$))[^/]+|[A-Za-z]:[\\/]Users[\\/](?!Public(?:[\\/]|$))[^\\/]+)(?=[/\\]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Homes();
}
