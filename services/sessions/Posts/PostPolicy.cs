using System.Text.Json;
using Cdr.Contracts.Sessions;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Posts;

/// <summary>Which posts open sessions, with which cards, from which day: data that an operator dates ahead, so that those who will be cut off are seen before they are.</summary>
internal sealed class PostPolicy
{
    public PostPolicy(IOptions<PostOptions> options)
        : this(options.Value.PolicyFile is { } file ? File.ReadAllBytes(file) : Embedded())
    {
    }

    /// <exception cref="JsonException">Not a policy.</exception>
    /// <exception cref="InvalidDataException">A rule contradicts itself.</exception>
    public PostPolicy(byte[] json)
    {
        Rules = JsonSerializer.Deserialize<PostRule[]>(json, JsonSerializerOptions.Web) ?? [];
        foreach (var rule in Rules)
            rule.Check();
    }

    public IReadOnlyList<PostRule> Rules { get; }

    /// <summary>Families of cards that the policy speaks of.</summary>
    public IEnumerable<string> Pkis => Rules.Select(rule => rule.Pki).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>What is wrong with the post that day for a card of that family: the rules that refuse first.</summary>
    public IReadOnlyList<PostFinding> Judge(PostReport report, string pki, DateOnly day) =>
        [.. Rules.Where(rule => rule.IsAbout(report, pki)).Select(rule => new PostFinding(rule, rule.RefuseFrom <= day))
            .Where(finding => finding.Refuses || finding.Rule.WarnFrom is null || finding.Rule.WarnFrom <= day).OrderByDescending(finding => finding.Refuses)];

    /// <summary>Whether some post is refused that day for a card of that family: then each has to say what it has.</summary>
    public bool Refuses(string pki, DateOnly day) => Rules.Any(rule => (rule.Pki is null || rule.Pki == pki) && rule.RefuseFrom <= day);

    /// <summary>First day on which a card of that family opens nothing there, past or to come.</summary>
    public DateOnly? RefusedFrom(PostReport report, string pki) => Rules.Where(rule => rule.IsAbout(report, pki)).Min(rule => rule.RefuseFrom);

    public static byte[] Embedded()
    {
        using var stream = typeof(PostPolicy).Assembly.GetManifestResourceStream("post-policy.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>A rule that a post breaks.</summary>
internal sealed record PostFinding(PostRule Rule, bool Refuses)
{
    public PostWarning ToWarning() => new(Rule.Code, Rule.Title, Rule.Next, Rule.RefuseFrom);
}

/// <summary>One rule: about which cards and posts, and from which day it warns and refuses.</summary>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Title">In French, for the person at the post.</param>
/// <param name="Next">What to do, in French.</param>
/// <param name="Pki">Only for cards of that family.</param>
/// <param name="CardFamily">Only for cards of that family of chips.</param>
/// <param name="Systems">Only on these systems.</param>
/// <param name="CryptolibBelow">The Cryptolib found is older than that. None found says nothing: a post may read its cards without.</param>
/// <param name="VitaleApiBelow">The API Lecture Vitale found is older than that.</param>
/// <param name="Browser">With <paramref name="BrowserBelow"/>: that browser.</param>
/// <param name="BrowserBelow">It is older than that.</param>
/// <param name="Galss">GALSS is installed, or a reader is reached through it.</param>
/// <param name="WarnFrom">First day of the warning; null: from ever.</param>
/// <param name="RefuseFrom">First day of the refusal; null: never.</param>
internal sealed record PostRule(
    string Code,
    string Title,
    string Next,
    string? Pki = null,
    string? CardFamily = null,
    string[]? Systems = null,
    string? CryptolibBelow = null,
    string? VitaleApiBelow = null,
    string? Browser = null,
    string? BrowserBelow = null,
    bool Galss = false,
    DateOnly? WarnFrom = null,
    DateOnly? RefuseFrom = null)
{
    public bool IsAbout(PostReport report, string pki) =>
        (Pki is null || Pki == pki)
        && (CardFamily is null || CardFamily == report.CardFamily)
        && (Systems is null || Systems.Contains(report.System))
        && (CryptolibBelow is null || IsBelow(report.Cryptolib, CryptolibBelow))
        && (VitaleApiBelow is null || IsBelow(report.VitaleApi, VitaleApiBelow))
        && (BrowserBelow is null || Browser == report.Browser && IsBelow(report.BrowserVersion, BrowserBelow))
        && (!Galss || report.Galss || report.Readers.Any(reader => reader.Galss));

    /// <exception cref="InvalidDataException">It would refuse everybody, or refuse before it warns.</exception>
    public void Check()
    {
        if (CryptolibBelow is null && VitaleApiBelow is null && BrowserBelow is null && !Galss)
            throw new InvalidDataException($"Post rule {Code} has no condition: it would be about every post.");
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
