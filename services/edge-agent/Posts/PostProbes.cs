using System.Reflection;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Posts;

/// <summary>Looks at the post once, when the agent starts; what changes later (readers) is asked at each report.</summary>
internal sealed class PostProbes(AgentSettings settings, Func<IReadOnlyList<string>> readers)
{
    private const string Receipt = "/var/db/receipts/fr.asipsante.pkg.cryptolibCPS.plist";
    private static readonly string[] EditorKeys = [@"HKLM\SOFTWARE\ASIP\Cryptolib CPS", @"HKLM\SOFTWARE\ASIP Sante\Cryptolib CPS", @"HKLM\SOFTWARE\WOW6432Node\ASIP\Cryptolib CPS", @"HKLM\SOFTWARE\WOW6432Node\ASIP Sante\Cryptolib CPS"];
    private static readonly string[] ProgramKeys = [@"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall", @"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"];

    private readonly Lazy<Task<PostFacts>> facts = new(() => Task.Run(() => Look(settings)));

    public static string AgentVersion { get; } = typeof(PostProbes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string System { get; } = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux";

    public PostFacts Facts => facts.Value.GetAwaiter().GetResult();

    /// <summary>Begins to look, so that nobody waits for it at the first sign-in.</summary>
    public void Begin() => _ = facts.Value;

    public PostReport Report(CardFamily? card)
    {
        var found = Facts;
        return new PostReport(
            OsSession.Post,
            settings.PostLabel,
            AgentVersion,
            System,
            found.SystemVersion,
            OsSession.IsShared,
            found.Cryptolib,
            settings.CryptolibOnServer,
            card?.Name(),
            [.. readers().Select(reader => new PostReader(PostReadings.ReaderName(reader), false)).Distinct()],
            found.Galss,
            found.Browser,
            found.BrowserVersion,
            found.VitaleApi);
    }

    private static PostFacts Look(AgentSettings settings)
    {
        var (browser, version) = Browser(settings.Browser);
        if (OperatingSystem.IsWindows())
        {
            var programs = string.Join('\n', ProgramKeys.Select(key => ProgramOutput.Of("reg.exe", "query", key, "/s")));
            return new PostFacts(
                Environment.OSVersion.Version.ToString(),
                PostReadings.WindowsCryptolib(string.Join('\n', EditorKeys.Select(key => ProgramOutput.Of("reg.exe", "query", key))), programs),
                Exists(Environment.GetFolderPath(Environment.SpecialFolder.Windows), "galss.ini"),
                PostReadings.WindowsVitaleApi(programs),
                browser,
                version);
        }

        if (OperatingSystem.IsMacOS())
        {
            return new PostFacts(
                Environment.OSVersion.Version.ToString(),
                PostReadings.MacCryptolib(ProgramOutput.Of("/usr/bin/plutil", "-convert", "xml1", "-o", "-", Receipt), ProgramOutput.Of("/usr/bin/security", "find-certificate", "-a", "-c", "AC RACINE IGC")),
                Exists("/Library/Preferences", "galss.ini") || Directory.Exists("/usr/local/galss"),
                null,
                browser,
                version);
        }

        return new PostFacts(
            PostReadings.LinuxName(File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : null) ?? Environment.OSVersion.VersionString,
            PostReadings.LinuxCryptolib(ProgramOutput.Of("dpkg-query", "-W") ?? ProgramOutput.Of("rpm", "-qa", "--qf", "%{NAME} %{VERSION}\\n")),
            Exists("/etc", "galss.ini") || Directory.Exists("/usr/local/galss"),
            null,
            browser,
            version);
    }

    /// <summary>The browser of the settings, or the one that the person chose for the system.</summary>
    private static (string? Name, string? Version) Browser(string? program)
    {
        if (program is not null)
        {
            var name = PostBrowsers.Name(Path.GetFileName(program));
            return (name, OperatingSystem.IsWindows() ? WindowsVersion(name) : PostReadings.BrowserVersion(BrowserPrograms.Version(program)));
        }

        if (OperatingSystem.IsWindows())
        {
            var chosen = RegistryListing.Parse(ProgramOutput.Of("reg.exe", "query", @"HKCU\Software\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice")).Value("ProgId");
            var name = chosen is null ? null : PostBrowsers.Name(chosen);
            return name is PostBrowsers.Edge or PostBrowsers.Chrome or PostBrowsers.Firefox ? (name, WindowsVersion(name)) : (null, null);
        }

        return OperatingSystem.IsMacOS() ? (null, null) : PostBrowsers.OfDesktop(ProgramOutput.Of("xdg-settings", "get", "default-web-browser"), BrowserPrograms.Version);
    }

    private static string? WindowsVersion(string browser) => browser switch
    {
        PostBrowsers.Edge => Beacon(@"HKCU\Software\Microsoft\Edge\BLBeacon", "version"),
        PostBrowsers.Chrome => Beacon(@"HKCU\Software\Google\Chrome\BLBeacon", "version"),
        PostBrowsers.Firefox => Beacon(@"HKLM\SOFTWARE\Mozilla\Mozilla Firefox", "CurrentVersion"),
        _ => null,
    };

    private static string? Beacon(string key, string value) => PostReadings.Version(RegistryListing.Parse(ProgramOutput.Of("reg.exe", "query", key)).Value(value));

    private static bool Exists(string folder, string file) => File.Exists(Path.Combine(folder, file));
}
