using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Posts;

/// <summary>Each post's last report, and what it means for the card that is in it.</summary>
internal sealed class PostRegister(PostPolicy policy, TimeProvider clock)
{
    private const int LongestText = 100;
    private const int MostReaders = 16;

    /// <summary>As a report names them.</summary>
    public static readonly string[] Systems = ["windows", "macos", "linux"];

    /// <summary>What is wrong with the post today for a card of that family, first what refuses. Without a report: null, unless none is needed.</summary>
    /// <param name="report">Valid, or null.</param>
    /// <param name="pki">Family of the card.</param>
    /// <param name="habilitations">Of its holder: the day is their establishment's.</param>
    public IReadOnlyList<PostFinding>? Judge(PostReport? report, string pki, IReadOnlyList<Habilitation> habilitations)
    {
        var department = habilitations.Select(one => one.Establishment?.Department).FirstOrDefault(one => one is not null);
        var day = EstablishmentDay.Of(department, clock.GetUtcNow());
        if (report is not null)
            return policy.Judge(report, pki, day);
        // What is not told cannot be held against the policy; nobody gets round it by keeping silent.
        return policy.Refuses(pki, day) ? null : [];
    }

    /// <summary>What the person is told of the post that their ticket comes from, as its establishment's day has it. Without a report: nothing.</summary>
    public IReadOnlyList<PostWarning> WarningsOf(OneTimeTicket ticket, Habilitation chosen) =>
        ticket is { Report: { } text, Pki: { } pki } ? [.. Judge(Read(text), pki, [chosen])!.Select(finding => finding.ToWarning())] : [];

    /// <summary>The post's last report for that establishment: added to the context, not saved.</summary>
    /// <param name="db">The context.</param>
    /// <param name="text">The report, JSON.</param>
    /// <param name="pki">Family of the card.</param>
    /// <param name="establishment">FINESS géographique; null for roles that have none.</param>
    /// <param name="at">Of the report, UTC.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public static async Task KeepAsync(SessionsDb db, string text, string pki, string? establishment, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var report = Read(text);
        var post = await db.Posts.Include(one => one.Cards).FirstOrDefaultAsync(one => one.Reference == report.Post && one.EstablishmentFiness == establishment, cancellationToken)
            ?? db.Posts.Add(new Post { Id = Guid.CreateVersion7(at), Reference = report.Post, EstablishmentFiness = establishment, ReportedAt = at, Report = text }).Entity;
        // A ticket may be redeemed minutes after its report: the post may have reported again meanwhile.
        if (at >= post.ReportedAt)
            (post.ReportedAt, post.Report, post.Label) = (at, text, report.Label);
        if (post.Cards.FirstOrDefault(one => one.Pki == pki) is { } card)
            card.SeenAt = at > card.SeenAt ? at : card.SeenAt;
        else
            post.Cards.Add(new PostCard { PostId = post.Id, Pki = pki, SeenAt = at });
    }

    /// <summary>As it is kept.</summary>
    public static string TextOf(PostReport report) => JsonSerializer.Serialize(report, JsonSerializerOptions.Web);

    /// <summary>The report that was kept.</summary>
    public static PostReport Read(Post post) => Read(post.Report);

    private static PostReport Read(string text) => JsonSerializer.Deserialize<PostReport>(text, JsonSerializerOptions.Web)!;

    /// <summary>Every post for every family of cards that the policy or the post knows.</summary>
    public IReadOnlyList<PostVerdict> Verdicts(Post post, DateOnly day)
    {
        var (report, seen) = (Read(post), post.Cards.Select(card => card.Pki).ToHashSet(StringComparer.Ordinal));
        return [.. policy.Pkis.Union(seen, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(pki =>
        {
            var findings = policy.Judge(report, pki, day);
            return new PostVerdict(pki, seen.Contains(pki), PostOutcomes.Of(findings), [.. findings.Select(finding => finding.Rule.Code).Distinct()], policy.RefusedFrom(report, pki));
        })];
    }

    /// <summary>What the codes mean; of rules that share one, the words of the first.</summary>
    public IReadOnlyList<PostWarning> WordsOf(IEnumerable<string> codes) =>
        [.. policy.Rules.Where(rule => codes.Contains(rule.Code)).DistinctBy(rule => rule.Code).Select(rule => new PostWarning(rule.Code, rule.Title, rule.Next, rule.RefuseFrom))];

    /// <summary>Which rule cuts the post off for cards that were used there, and when; the past included.</summary>
    public IEnumerable<(string Pki, PostRule Rule)> CutOffs(Post post, DateOnly until)
    {
        var report = Read(post);
        return post.Cards.Select(card => card.Pki).Select(pki => (Pki: pki, Rule: policy.Rules.Where(rule => rule.IsAbout(report, pki) && rule.RefuseFrom <= until).MinBy(rule => rule.RefuseFrom)!))
            .Where(one => one.Rule is not null);
    }

    public static bool IsValid(PostReport report) =>
        report is { Post.Length: >= 1 and <= 64, AgentVersion: not null, SystemVersion: not null, Readers: not null }
        && report.Readers.All(reader => reader is not null)
        && report.Post.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && Systems.Contains(report.System)
        && report.Label is null or { Length: <= 64 }
        && report.Readers.Count <= MostReaders
        && new[] { report.AgentVersion, report.SystemVersion, report.Cryptolib, report.CardFamily, report.Browser, report.BrowserVersion, report.VitaleApi }
            .Concat(report.Readers.Select(reader => reader?.Name ?? "")).All(text => text is null or { Length: <= LongestText });
}

/// <summary>Values of <see cref="PostVerdict.Outcome"/>.</summary>
internal static class PostOutcomes
{
    public const string Accepted = "accepted";
    public const string Warned = "warned";
    public const string Refused = "refused";

    /// <summary>Of findings whose refusals come first.</summary>
    public static string Of(IReadOnlyList<PostFinding> findings) => findings is [] ? Accepted : findings[0].Refuses ? Refused : Warned;
}
