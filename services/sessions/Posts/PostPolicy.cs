using System.Security.Cryptography;
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
        Version = Convert.ToHexStringLower(SHA256.HashData(json))[..12];
    }

    /// <summary>Of the file: two installations, or two days, that have the same one judge alike.</summary>
    public string Version { get; }

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
