using Cdr.Usage.Features.ReadDailyUsage;

namespace Cdr.Usage.Queries;

/// <summary>What the questions about counts have alike.</summary>
internal static class UsageEndpoints
{
    public static RouteHandlerBuilder MapQuestion(this IEndpointRouteBuilder routes, string path, Delegate handler, string name, string summary) =>
        Described(routes, path, handler, name, summary).InTurn();

    public static RouteHandlerBuilder MapExport(this IEndpointRouteBuilder routes, string path, Delegate handler, string name, string summary) =>
        Described(routes, path, handler, name, summary)
            .AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<UsageTurns>().ExportAsync(context, next));

    /// <summary>Waits for its group's turn.</summary>
    public static RouteHandlerBuilder InTurn(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<UsageTurns>().QuestionAsync(context, next));

    private static RouteHandlerBuilder Described(IEndpointRouteBuilder routes, string path, Delegate handler, string name, string summary) => routes.MapGet(path, handler)
        .RequireAuthorization(ReadDailyUsage.Policy)
        .WithName(name)
        .WithSummary(summary)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
