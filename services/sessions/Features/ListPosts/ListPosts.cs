using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Posts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.ListPosts;

/// <summary>Posts held against the policy of a day: who will be cut off is seen before they are.</summary>
internal static class ListPosts
{
    private const int Most = 5_000;

    public static void MapListPosts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sessions/posts", HandleAsync).RequireAuthorization(SessionsModule.PostReaders).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("Workstations as last reported, and what the policy of a day says of them.");
        routes.MapGet("/api/sessions/posts.csv", CsvAsync).RequireAuthorization(SessionsModule.PostReaders).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("The same as CSV: one line a post and family of cards.");
    }

    internal static async Task<Results<Ok<PostsAnswer>, ProblemHttpResult>> HandleAsync(
        [Description("Day whose policy counts, yyyy-MM-dd. Default: today.")] string? on,
        [Description("FINESS géographique.")] string? establishment,
        [Description("Code of a département.")] string? department,
        ClaimsPrincipal user, SessionsDb db, PostRegister register, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Day(on, user, clock) is not { } day)
            return NotADay();
        if (Seen(db, user, establishment, department) is not { } seen)
            return NoScope();
        List<PostState> states = [];
        HashSet<string> codes = new(StringComparer.Ordinal);
        Dictionary<(string? Code, string? Name, string? Department), int[]> sums = [];
        await foreach (var post in seen.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var state = State(post, register, day);
            if (states.Count < Most)
                states.Add(state);
            codes.UnionWith(state.Verdicts.SelectMany(verdict => verdict.Codes));
            var key = (post.EstablishmentFiness, post.Establishment?.Name, post.Establishment?.Department);
            if (!sums.TryGetValue(key, out var sum))
                sums[key] = sum = new int[3];
            sum[Worst(state)]++;
        }

        return TypedResults.Ok(new PostsAnswer(
            day,
            states,
            [.. sums.OrderBy(one => one.Key.Code, StringComparer.Ordinal).Select(one => new PostSum(one.Key.Code, one.Key.Name, one.Value[0], one.Value[1], one.Value[2]))],
            [.. sums.GroupBy(one => one.Key.Department, one => one.Value).OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => new PostSum(one.Key, null, one.Sum(sum => sum[0]), one.Sum(sum => sum[1]), one.Sum(sum => sum[2])))],
            register.WordsOf(codes)));
    }

    internal static Results<PushStreamHttpResult, ProblemHttpResult> CsvAsync(
        [Description("Day whose policy counts, yyyy-MM-dd. Default: today.")] string? on,
        [Description("FINESS géographique.")] string? establishment,
        [Description("Code of a département.")] string? department,
        ClaimsPrincipal user, SessionsDb db, PostRegister register, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Day(on, user, clock) is not { } day)
            return NotADay();
        if (Seen(db, user, establishment, department) is not { } seen)
            return NoScope();
        return TypedResults.Stream(stream => PostCsv.WriteAsync(stream, seen.AsAsyncEnumerable(), post => State(post, register, day), cancellationToken), "text/csv; charset=utf-8", $"postes-{day:yyyy-MM-dd}.csv");
    }

    private static PostState State(Post post, PostRegister register, DateOnly day)
    {
        var report = PostRegister.Read(post);
        return new PostState(
            post.Reference, post.Label, post.EstablishmentFiness, post.Establishment?.Department, post.ReportedAt, report.System, report.Cryptolib, register.Verdicts(post, day));
    }

    private static int Worst(PostState state) =>
        state.Verdicts.Any(verdict => verdict.Outcome == PostOutcomes.Refused) ? 2 : state.Verdicts.Any(verdict => verdict.Outcome == PostOutcomes.Warned) ? 1 : 0;

    /// <summary>Null when the token does not say whose posts they are.</summary>
    private static IQueryable<Post>? Seen(SessionsDb db, ClaimsPrincipal user, string? establishment, string? department)
    {
        var posts = db.Posts.AsNoTracking().Include(post => post.Cards).Include(post => post.Establishment).OrderBy(post => post.EstablishmentFiness).ThenBy(post => post.Reference).AsQueryable();
        var (finess, group) = (user.FindFirstValue(CdrClaims.Finess), user.FindFirstValue(CdrClaims.Group));
        switch (user.FindFirstValue(CdrClaims.Role))
        {
            case CdrRoles.Hotline or CdrRoles.Operations or CdrRoles.Administrator:
                break;
            case CdrRoles.GroupManager when group is { Length: > 0 }:
                posts = posts.Where(post => post.Establishment!.GroupId == group);
                break;
            case CdrRoles.Referent or CdrRoles.FunctionalCorrespondent when finess is { Length: > 0 }:
                posts = posts.Where(post => post.EstablishmentFiness == finess);
                break;
            default:
                return null;
        }

        if (!string.IsNullOrEmpty(establishment))
            posts = posts.Where(post => post.EstablishmentFiness == establishment);
        return string.IsNullOrEmpty(department) ? posts : posts.Where(post => post.Establishment!.Department == department);
    }

    private static DateOnly? Day(string? on, ClaimsPrincipal user, TimeProvider clock)
    {
        if (string.IsNullOrEmpty(on))
            return EstablishmentDay.Of(user.FindFirstValue(CdrClaims.Department), clock.GetUtcNow());
        return DateOnly.TryParseExact(on, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    private static ProblemHttpResult NotADay() => Problems.Invalid("on", "day-invalid", "Le jour n'est pas lisible.", "Attendu : aaaa-mm-jj.");

    private static ProblemHttpResult NoScope() =>
        Problems.Problem(StatusCodes.Status403Forbidden, "scope-missing", "Votre session n'est rattachée à aucun établissement.", "Choisissez une activité à la connexion.");
}
