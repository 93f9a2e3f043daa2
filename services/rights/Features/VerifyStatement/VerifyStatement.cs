using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Statements;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.VerifyStatement;

/// <summary>
/// GET /verify/{code}: whether a statement was made under this code, and when its answer was. Nothing else is said, and of no code more than of
/// another: the same status, the same members, the same work. A person gets a page, software gets JSON.
/// </summary>
internal static class VerifyStatement
{
    public static void MapVerifyStatement(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<VerifyLimit>();
        routes.MapGet("/verify/{code}", HandleAsync)
            .AllowAnonymous()
            .AddEndpointFilter(limit)
            .Produces<StatementVerification>()
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("VerifyStatement")
            .WithSummary("Si le code est celui d'un relevé, et l'instant de sa réponse. Ouvert à tous ; rien d'autre n'est dit.")
            .WithVerificationExamples();
        routes.MapGet("/verify", Ask)
            .AllowAnonymous()
            .AddEndpointFilter(limit)
            .ExcludeFromDescription();
    }

    /// <summary>The field, and from it to the code's own address: without a script.</summary>
    private static Results<VerifyPage, RedirectHttpResult> Ask(string? code) =>
        string.IsNullOrWhiteSpace(code) ? VerifyPage.Form() : TypedResults.LocalRedirect("~/verify/" + Uri.EscapeDataString(code.Trim()));

    internal static async Task<Results<VerifyPage, Ok<StatementVerification>, ProblemHttpResult>> HandleAsync(
        string code, HttpContext http, StatementCodes codes, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept";
        try
        {
            var read = VerificationCode.Read(code);
            var answeredAt = await codes.VerifyAsync(read, cancellationToken);
            var verification = new StatementVerification(answeredAt is not null, answeredAt, read is null);
            return VerifyPage.IsWantedBy(http.Request) ? VerifyPage.Of(verification) : TypedResults.Ok(verification);
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return VerifyPage.IsWantedBy(http.Request) ? VerifyPage.Silent() : JournalOutage.Problem();
        }
    }
}
