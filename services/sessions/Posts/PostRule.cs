using System.Text.Json.Serialization;
using Cdr.Contracts.Sessions;

namespace Cdr.Sessions.Posts;

/// <summary>One rule: about which cards and posts, and from which day it warns and refuses. Every condition that it names has to hold.</summary>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Title">In French, for the person at the post.</param>
/// <param name="Next">What to do, in French.</param>
/// <param name="Pki">Only for cards of that family.</param>
/// <param name="CardFamily">Only for cards of that family of chips.</param>
/// <param name="Systems">Only on these systems.</param>
/// <param name="SystemName">With <paramref name="SystemBelow"/>: the system says of itself that it is called so. Linux: the distribution, <c>Ubuntu</c>.</param>
/// <param name="SystemBelow">The system is older than that; with one of <paramref name="Systems"/>, for each counts in its own way.</param>
/// <param name="AgentBelow">The agent is older than that.</param>
/// <param name="CryptolibOnServer">Only where Cryptolib runs from a server (true), or only where it does not (false): who has to install another one differs.</param>
/// <param name="CryptolibBelow">The Cryptolib found is older than that. None found says nothing: a post may read its cards without.</param>
/// <param name="CryptolibUntold">None was found, on a server that is said to have one.</param>
/// <param name="VitaleApiBelow">The API Lecture Vitale found is older than that.</param>
/// <param name="Browser">With <paramref name="BrowserBelow"/>: that browser.</param>
/// <param name="BrowserBelow">It is older than that.</param>
/// <param name="Galss">GALSS is installed, or a reader is reached through it.</param>
/// <param name="Readers">A reader's name holds one of these words, however they are cased: <c>consulteur</c>.</param>
/// <param name="ReadersOtherThan">There are readers, and no name of one holds one of these: the certified ones. Several are common, and the other one reads the carte Vitale.</param>
/// <param name="NoReader">No reader is seen.</param>
/// <param name="WarnFrom">First day of the warning; null: from ever.</param>
/// <param name="RefuseFrom">First day of the refusal; null: never.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PostRule(
    string Code,
    string Title,
    string Next,
    string? Pki = null,
    string? CardFamily = null,
    string[]? Systems = null,
    string? SystemName = null,
    string? SystemBelow = null,
    string? AgentBelow = null,
    bool? CryptolibOnServer = null,
    string? CryptolibBelow = null,
    bool CryptolibUntold = false,
    string? VitaleApiBelow = null,
    string? Browser = null,
    string? BrowserBelow = null,
    bool Galss = false,
    string[]? Readers = null,
    string[]? ReadersOtherThan = null,
    bool NoReader = false,
    DateOnly? WarnFrom = null,
    DateOnly? RefuseFrom = null)
{
    public bool IsAbout(PostReport report, string pki) =>
        (Pki is null || Pki == pki)
        && (CardFamily is null || CardFamily == report.CardFamily)
        && (Systems is null || Systems.Contains(report.System))
        && (SystemName is null || report.SystemVersion.StartsWith(SystemName, StringComparison.OrdinalIgnoreCase))
        && (SystemBelow is null || IsBelow(FromItsNumber(report.SystemVersion), SystemBelow))
        && (AgentBelow is null || IsBelow(report.AgentVersion, AgentBelow))
        && (CryptolibOnServer is null || CryptolibOnServer == report.CryptolibOnServer)
        && (CryptolibBelow is null || IsBelow(report.Cryptolib, CryptolibBelow))
        && (!CryptolibUntold || report.Cryptolib is null)
        && (VitaleApiBelow is null || IsBelow(report.VitaleApi, VitaleApiBelow))
        && (BrowserBelow is null || Browser == report.Browser && IsBelow(report.BrowserVersion, BrowserBelow))
        && (!Galss || report.Galss || report.Readers.Any(reader => reader.Galss))
        && (Readers is null || report.Readers.Any(reader => IsNamed(reader, Readers)))
        && (ReadersOtherThan is null || report.Readers.Count > 0 && !report.Readers.Any(reader => IsNamed(reader, ReadersOtherThan)))
        && (!NoReader || report.Readers.Count == 0);

    /// <exception cref="InvalidDataException">It would refuse everybody, or nobody, or others than it says, or refuse before it warns.</exception>
    public void Check()
    {
        if (new[] { Code, Title, Next }.Any(string.IsNullOrWhiteSpace))
            throw new InvalidDataException($"Post rule {Code ?? Title} has no code, title or next: nobody would know what to do.");
        if (Systems?.Except(PostRegister.Systems).Any() is true || CardFamily is not (null or "cps3" or "cps4" or "other"))
            throw new InvalidDataException($"Post rule {Code} names a system or a family of cards that no post reports: it would be about no post.");
        string?[] minima = [SystemBelow, AgentBelow, CryptolibBelow, VitaleApiBelow, BrowserBelow];
        if (minima.All(minimum => minimum is null) && !CryptolibUntold && !Galss && Readers is null && ReadersOtherThan is null && !NoReader)
            throw new InvalidDataException($"Post rule {Code} has no condition: it would be about every post.");
        if (minima.Any(minimum => minimum is not null && Numbers(minimum).Count == 0))
            throw new InvalidDataException($"Post rule {Code} names a version that is none: it would be about no post.");
        if (new[] { Readers, ReadersOtherThan }.Any(names => names is not null && (names.Length == 0 || names.Any(string.IsNullOrWhiteSpace))) || NoReader && (Readers is not null || ReadersOtherThan is not null))
            throw new InvalidDataException($"Post rule {Code} names readers without a name, or readers where there is none: it would be about every post, or about none.");
        if ((Browser is null) != (BrowserBelow is null) || SystemName is not null && SystemBelow is null)
            throw new InvalidDataException($"Post rule {Code} names a browser or a system without its version, or the other way round.");
        // Windows 10, macOS 14, Ubuntu 24.04: no number of one says anything of another.
        if (SystemBelow is not null && (Systems is not [var system] || system == "linux" && SystemName is null))
            throw new InvalidDataException($"Post rule {Code} names a system's version: Systems says which one, and SystemName which Linux.");
        if (CryptolibUntold && CryptolibOnServer is not true)
            throw new InvalidDataException($"Post rule {Code} is about posts without a Cryptolib: they may read their cards without.");
        if (RefuseFrom < WarnFrom)
            throw new InvalidDataException($"Post rule {Code} refuses before it warns.");
    }

    /// <summary>Numbers between dots, compared one by one; what follows a number (« 5.0.42-1 ») does not count. A version that is not read is not below.</summary>
    internal static bool IsBelow(string? version, string minimum)
    {
        if (Numbers(version) is not { Count: > 0 } found)
            return false;
        var wanted = Numbers(minimum);
        for (var at = 0; at < wanted.Count; at++)
        {
            var (has, needs) = (at < found.Count ? found[at] : 0, wanted[at]);
            if (has != needs)
                return has < needs;
        }

        return false;
    }

    private static bool IsNamed(PostReader reader, string[] names) => names.Any(name => reader.Name.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>« Debian GNU/Linux 12 (bookworm) », « Microsoft Windows NT 10.0.19045.0 »: the name goes before.</summary>
    private static string FromItsNumber(string version) => new([.. version.SkipWhile(c => !char.IsAsciiDigit(c))]);

    private static List<int> Numbers(string? version)
    {
        List<int> numbers = [];
        foreach (var part in (version ?? "").Split('.'))
        {
            var digits = new string([.. part.TakeWhile(char.IsAsciiDigit)]);
            if (!int.TryParse(digits, out var number))
                break;
            numbers.Add(number);
            if (digits.Length < part.Length)
                break;
        }

        return numbers;
    }
}
