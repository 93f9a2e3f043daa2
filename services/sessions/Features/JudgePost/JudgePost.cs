using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Posts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Sessions.Features.JudgePost;

/// <summary>
/// What today's policy says of a post, before anybody signs in there: for the report of a post where nobody can. Nothing is kept of it, and
/// nothing proven is needed for it: the policy is what every post is told.
/// </summary>
internal static class JudgePost
{
    public static RouteHandlerBuilder MapJudgePost(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/posts/judgement", Handle).AllowAnonymous().ProducesProblem(400).WithSummary("What today's policy says of a post: nothing is kept.");

    internal static Results<Ok<PostJudgement>, ProblemHttpResult> Handle(PostReport report, PostRegister register, PostPolicy policy, TimeProvider clock)
    {
        if (!PostRegister.IsValid(report))
            return Problems.Invalid("post", "post-invalid", "Le relevé du poste n'est pas lisible.", "Voyez la description de l'API.");
        var day = EstablishmentDay.Of(null, clock.GetUtcNow());
        JudgedPost[] verdicts = [.. policy.Pkis.Order(StringComparer.Ordinal).Select(pki =>
        {
            var findings = policy.Judge(report, pki, day);
            return new JudgedPost(pki, PostOutcomes.Of(findings), [.. findings.Select(finding => finding.Rule.Code).Distinct()], policy.RefusedFrom(report, pki));
        })];
        return TypedResults.Ok(new PostJudgement(policy.Version, day, verdicts, register.WordsOf(verdicts.SelectMany(verdict => verdict.Codes))));
    }
}
