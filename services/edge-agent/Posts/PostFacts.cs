using System.Text.RegularExpressions;

namespace Cdr.EdgeAgent.Posts;

/// <summary>What a post has, found without a card.</summary>
/// <param name="SystemVersion">As the system tells it.</param>
/// <param name="Cryptolib">Version of the package; <c>5</c> where only its generation is known.</param>
/// <param name="Galss">Installed.</param>
/// <param name="VitaleApi">Version of the API Lecture Vitale.</param>
/// <param name="Browser">That opens the portal.</param>
/// <param name="BrowserVersion">Its version.</param>
internal sealed record PostFacts(string SystemVersion, string? Cryptolib, bool Galss, string? VitaleApi, string? Browser, string? BrowserVersion);

/// <summary>Reads what systems say of themselves; each reading is a pure function of a text that can be recorded.</summary>
internal static partial class PostReadings
{
    private const string CryptolibProduct = "Composants Cryptographiques CPS";
    private const string VitaleProduct = "Lecture Vitale";

    // Their common name, which is what a keychain shows, has a hyphen; the note on prerequisites writes it without.
    private const string MacRoots = "AC RACINE IGC SANTE";

    /// <summary>Windows: the editor's own key, under one of its names; otherwise the installed program.</summary>
    /// <param name="editor"><c>reg query</c> of the editor's keys, one after the other.</param>
    /// <param name="programs"><c>reg query …\Uninstall /s</c>, of both widths.</param>
    public static string? WindowsCryptolib(string? editor, string? programs) =>
        Version(RegistryListing.Parse(editor).Value("Version")) ?? Version(RegistryListing.Parse(programs).Value("DisplayVersion", "DisplayName", CryptolibProduct));

    public static string? WindowsVitaleApi(string? programs) => Version(RegistryListing.Parse(programs).Value("DisplayVersion", "DisplayName", VitaleProduct));

    /// <summary>macOS: the installer's receipt; otherwise its three root certificates, which say the generation alone.</summary>
    public static string? MacCryptolib(string? receipt, string? keychain) =>
        Version(PropertyList.Text(receipt, "PackageVersion")) ?? ((keychain ?? "").Split('\n').Count(line => line.Contains("\"labl\"", StringComparison.Ordinal) && line.Replace('-', ' ').Contains(MacRoots, StringComparison.OrdinalIgnoreCase)) >= 3 ? "5" : null);

    /// <summary>Linux: <c>dpkg-query -W</c> or <c>rpm -qa</c>, a package and its version a line.</summary>
    public static string? LinuxCryptolib(string? packages) => (packages ?? "").Split('\n')
        .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 2 && words[0].Contains("cryptolib", StringComparison.OrdinalIgnoreCase))
        .Select(words => Version(words[1])).FirstOrDefault(version => version is not null);

    /// <summary><c>PRETTY_NAME</c> of os-release.</summary>
    public static string? LinuxName(string? release) => (release ?? "").Split('\n')
        .Where(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)).Select(line => line["PRETTY_NAME=".Length..].Trim().Trim('"')).FirstOrDefault();

    /// <summary><c>Mozilla Firefox 128.5.0esr</c>, <c>Chromium 131.0.6778.85 built on…</c></summary>
    public static string? BrowserVersion(string? told) => Version(told);

    /// <summary><c>reg query … /v MachineGuid</c>.</summary>
    public static string? WindowsMachine(string? listing) => RegistryListing.Parse(listing).Value("MachineGuid");

    /// <summary><c>ioreg -rd1 -c IOPlatformExpertDevice</c>: <c>"IOPlatformUUID" = "…"</c>.</summary>
    public static string? MacMachine(string? listing) => MachineUuid().Match(listing ?? "") is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The first dotted number, of an upstream version: a distribution's additions are left out.</summary>
    public static string? Version(string? text) => text is not null && Dotted().Match(text) is { Success: true } match ? match.Value : null;

    /// <summary>Without its serial number, which names one device among all, and without the number of its place.</summary>
    public static string ReaderName(string reader) => Place().Replace(WithoutSerial(reader), "").Trim();

    /// <summary>Without its serial number: two readers of a kind are still two.</summary>
    public static string WithoutSerial(string reader) => Serial().Replace(reader, "");

    [GeneratedRegex("\"IOPlatformUUID\" = \"([^\"]+)\"")]
    private static partial Regex MachineUuid();

    [GeneratedRegex(@"\d+(?:\.\d+){1,3}")]
    private static partial Regex Dotted();

    // pcsc-lite: name, [interface], (serial number, in any letters), the numbers of its place in hexadecimal; then a PKCS#11 library's number of the slot.
    // A serial number without brackets is digits.
    [GeneratedRegex(@"\s*\([0-9A-Fa-f.\-]{6,}\)|\s*\b\d{6,}\b|\s*\([^()]*\)(?=\s+[0-9A-F]{2} [0-9A-F]{2}(?: \[\d+\])?$)")]
    private static partial Regex Serial();

    [GeneratedRegex(@"\s+[0-9A-F]{2} [0-9A-F]{2}$")]
    private static partial Regex Place();
}
