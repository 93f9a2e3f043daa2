using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Statements;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cdr.Rights.Features.VerifyStatement;

/// <summary>
/// GET /verify/{code}: whether a statement was made under this code, and when its answer was. Nothing else is said, and of no code more than of
/// another: the same status, the same members, the same work. A person gets a page, software gets JSON.
/// </summary>
internal static class VerifyStatement
{
    private const int MostTyped = 4096;

    public static void MapVerifyStatement(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<VerifyLimit>();
        routes.MapGet("/verify/{code}", HandleAsync)
            .AllowAnonymous()
            .AddEndpointFilter(limit)
            .Produces<StatementVerification>(StatusCodes.Status200OK, "application/json", "text/html")
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("VerifyStatement")
            .WithSummary("Si le code est celui d'un relevé, et l'instant de sa réponse. Ouvert à tous ; rien d'autre n'est dit.")
            .WithVerificationExamples();
        routes.MapGet("/verify", VerifyPage.Form)
            .AllowAnonymous()
            .AddEndpointFilter(limit)
            .ExcludeFromDescription();
        // The field: whatever is typed there, a person's number even, is in no address.
        routes.MapPost("/verify", TypedAsync)
            .AllowAnonymous()
            .AddEndpointFilter(limit)
            .WithMetadata(new RequestSizeLimitAttribute(MostTyped))
            .ExcludeFromDescription();
    }

    private static async Task<Results<VerifyPage, Ok<StatementVerification>, ProblemHttpResult>> TypedAsync(HttpContext http, StatementCodes codes, CancellationToken cancellationToken) =>
        await HandleAsync(await CodeAsync(http.Request, cancellationToken), http, codes, cancellationToken);

    private static async Task<string> CodeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.HasFormContentType && (await request.ReadFormAsync(cancellationToken)).TryGetValue("code", out var typed) ? typed.ToString() : "";
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            // No form of ours: no code either.
            return "";
        }
    }

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
