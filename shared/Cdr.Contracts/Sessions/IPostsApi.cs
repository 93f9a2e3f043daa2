using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>The workstations, as their agents last reported them, held against the policy of a day.</summary>
public interface IPostsApi
{
    /// <summary>A referent's and a correspondent's own establishment, a group manager's group; hotline, operations and administrators: all, or what the filters leave.</summary>
    /// <param name="on">Day whose policy counts: one to come tells who will be cut off. Default: today.</param>
    /// <param name="establishment">FINESS géographique.</param>
    /// <param name="department">Code of a département.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    [Get("/api/sessions/posts")]
    Task<PostsAnswer> PostsAsync([Query(Format = "yyyy-MM-dd")] DateOnly? on, string? establishment, string? department, CancellationToken cancellationToken);

    /// <summary>What today's policy says of a post. For everybody; nothing is kept.</summary>
    [Post("/api/sessions/posts/judgement")]
    Task<PostJudgement> JudgeAsync([Body] PostReport report, CancellationToken cancellationToken);
}

/// <summary>Posts and their sums.</summary>
/// <param name="On">Day of the policy.</param>
/// <param name="Posts">Those that the filters leave, at most 5,000.</param>
/// <param name="Establishments">Sums of all of them, the whole selection counted.</param>
/// <param name="Departments">The same sums a département.</param>
/// <param name="Words">What the codes of the verdicts mean, and what to do, as the policy says it.</param>
public sealed record PostsAnswer(
    DateOnly On, IReadOnlyList<PostState> Posts, IReadOnlyList<PostSum> Establishments, IReadOnlyList<PostSum> Departments, IReadOnlyList<PostWarning> Words);

/// <summary>A post.</summary>
/// <param name="Post">Its id.</param>
/// <param name="Label">By which its referent knows it.</param>
/// <param name="Establishment">FINESS géographique of the last session that it opened.</param>
/// <param name="Department">Code.</param>
/// <param name="ReportedAt">UTC.</param>
/// <param name="System">windows, macos, linux.</param>
/// <param name="Cryptolib">Version; null where none was found.</param>
/// <param name="Verdicts">One a PKI that the policy or the post knows.</param>
public sealed record PostState(
    string Post, string? Label, string? Establishment, string? Department, DateTimeOffset ReportedAt, string System, string? Cryptolib, IReadOnlyList<PostVerdict> Verdicts);

/// <summary>What a card of a PKI would be told on that post, that day.</summary>
/// <param name="Pki"><c>igc-sante</c>…</param>
/// <param name="Seen">Such a card was used there.</param>
/// <param name="Outcome"><c>accepted</c>, <c>warned</c> or <c>refused</c>.</param>
/// <param name="Codes">Of what is wrong.</param>
/// <param name="RefusedFrom">First day on which it is, or was, refused; null: not announced.</param>
public sealed record PostVerdict(string Pki, bool Seen, string Outcome, IReadOnlyList<string> Codes, DateOnly? RefusedFrom);

/// <summary>What a day's policy says of a post that was told.</summary>
/// <param name="Policy">The policy's version: the first 12 hexadecimal digits of the SHA-256 of its file.</param>
/// <param name="On">Its day.</param>
/// <param name="Verdicts">One a PKI that the policy knows.</param>
/// <param name="Words">What the codes mean, and what to do, as the policy says it.</param>
public sealed record PostJudgement(string Policy, DateOnly On, IReadOnlyList<JudgedPost> Verdicts, IReadOnlyList<PostWarning> Words);

/// <summary>What a card of a PKI would be told there, that day.</summary>
/// <param name="Pki"><c>igc-sante</c>…</param>
/// <param name="Outcome"><c>accepted</c>, <c>warned</c> or <c>refused</c>.</param>
/// <param name="Codes">Of what is wrong.</param>
/// <param name="RefusedFrom">First day on which it is, or was, refused; null: not announced.</param>
public sealed record JudgedPost(string Pki, string Outcome, IReadOnlyList<string> Codes, DateOnly? RefusedFrom);

/// <summary>How many posts of an establishment or département that day's policy leaves, warns and cuts off, by their worst verdict.</summary>
/// <param name="Code">FINESS géographique or code of the département; null: of no establishment yet.</param>
/// <param name="Name">Of the establishment; null for a département.</param>
/// <param name="Accepted">Posts with nothing to say.</param>
/// <param name="Warned">Posts that are warned.</param>
/// <param name="Refused">Posts on which at least one kind of card opens nothing.</param>
public sealed record PostSum(string? Code, string? Name, int Accepted, int Warned, int Refused);
