using System.Globalization;
using System.Threading.RateLimiting;
using Cdr.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Queries;

/// <summary>How much is read at once for a group, or an establishment: one that asks for much waits for itself, and no other for it.</summary>
internal sealed class UsageTurns(IOptions<UsageOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> questions = Limiter(options.Value.QuestionsAtOnce, queue: options.Value.QuestionsAtOnce * 16);
    private readonly PartitionedRateLimiter<string> exports = Limiter(options.Value.ExportsAtOnce, queue: 0);

    /// <summary>Of a question: waits its turn. The turn ends with the response.</summary>
    public ValueTask<object?> QuestionAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => TurnAsync(questions, context, next);

    /// <summary>Of an export: refused while as many run.</summary>
    public ValueTask<object?> ExportAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => TurnAsync(exports, context, next);

    public void Dispose()
    {
        questions.Dispose();
        exports.Dispose();
    }

    private static async ValueTask<object?> TurnAsync(PartitionedRateLimiter<string> limiter, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // Without a scope there is nothing to read: the handler says so.
        if (Viewer.Of(http.User) is not { } viewer)
            return await next(context);
        var lease = await limiter.AcquireAsync($"{viewer.Dimension}:{viewer.Value}", 1, http.RequestAborted);
        http.Response.RegisterForDispose(lease);
        if (lease.IsAcquired)
            return await next(context);
        http.Response.Headers.RetryAfter = TimeSpan.FromSeconds(5).TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Problem(StatusCodes.Status429TooManyRequests, "usage-busy", "Votre groupe a déjà trop de lectures en cours.", "Attendez la fin de l'une d'elles, puis redemandez.");
    }

    private static PartitionedRateLimiter<string> Limiter(int atOnce, int queue) => PartitionedRateLimiter.Create<string, string>(viewer =>
        RateLimitPartition.GetConcurrencyLimiter(viewer, _ => new ConcurrencyLimiterOptions { PermitLimit = atOnce, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));
}
