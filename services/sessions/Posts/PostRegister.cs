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
    private static readonly string[] Systems = ["windows", "macos", "linux"];

    /// <summary>Added to the context, not saved. What is wrong with it today, first what refuses.</summary>
    /// <param name="db">The context.</param>
    /// <param name="report">Valid.</param>
    /// <param name="pki">Family of the card.</param>
    /// <param name="habilitations">Of its holder: where all are for one establishment, the post is there.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public async Task<IReadOnlyList<PostFinding>> ReportAsync(
        SessionsDb db, PostReport report, string pki, IReadOnlyList<Habilitation> habilitations, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var text = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        var post = await db.Posts.Include(one => one.Cards).FirstOrDefaultAsync(one => one.Id == report.Post, cancellationToken)
            ?? db.Posts.Add(new Post { Id = report.Post, ReportedAt = now, Report = text }).Entity;
        (post.ReportedAt, post.Report, post.Label) = (now, text, report.Label);
        if (habilitations.Select(one => one.EstablishmentFiness).Distinct().ToList() is [{ } only])
            post.EstablishmentFiness = only;
        var card = post.Cards.FirstOrDefault(one => one.Pki == pki);
        if (card is null)
            post.Cards.Add(new PostCard { PostId = report.Post, Pki = pki, SeenAt = now });
        else
            card.SeenAt = now;
        var department = habilitations.Select(one => one.Establishment?.Department).FirstOrDefault(one => one is not null);
        return policy.Judge(report, pki, EstablishmentDay.Of(department, now));
    }

    /// <summary>The post is where its card's holder now acts.</summary>
    public static Task MovedAsync(SessionsDb db, string post, string establishment, CancellationToken cancellationToken) =>
        db.Posts.Where(one => one.Id == post && one.EstablishmentFiness != establishment)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.EstablishmentFiness, establishment), cancellationToken);

    /// <summary>The report that was kept.</summary>
    public static PostReport Read(Post post) => JsonSerializer.Deserialize<PostReport>(post.Report, JsonSerializerOptions.Web)!;

    /// <summary>Every post for every family of cards that the policy or the post knows.</summary>
    public IReadOnlyList<PostVerdict> Verdicts(Post post, DateOnly day)
    {
        var (report, seen) = (Read(post), post.Cards.Select(card => card.Pki).ToHashSet(StringComparer.Ordinal));
        return [.. policy.Pkis.Union(seen, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(pki =>
        {
            var findings = policy.Judge(report, pki, day);
            var outcome = findings is [] ? PostOutcomes.Accepted : findings[0].Refuses ? PostOutcomes.Refused : PostOutcomes.Warned;
            return new PostVerdict(pki, seen.Contains(pki), outcome, [.. findings.Select(finding => finding.Rule.Code).Distinct()], policy.RefusedFrom(report, pki));
        })];
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
}
