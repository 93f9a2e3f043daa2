using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Queries;

/// <summary>How much is read at once for a group with all its establishments, or for a regime: one that asks for much waits for itself, and no other for it.</summary>
internal sealed class UsageTurns : IDisposable
{
    // Whoever reads a file slowly keeps its place and its connection for as long.
    private const int PartOfExports = 3;

    private readonly PartitionedRateLimiter<string> everybody, questions, exports, allExports;

    public UsageTurns(IOptions<UsageOptions> options)
    {
        var (ofGroup, atOnce) = (options.Value.QuestionsAtOnce, options.Value.ReadsAtOnce);
        everybody = Limiter(_ => "", atOnce, queue: atOnce * 16);
        questions = Limiter(who => who, ofGroup, queue: ofGroup * 16);
        exports = Limiter(who => who, options.Value.ExportsAtOnce, queue: 0);
        allExports = PartitionedRateLimiter.CreateChained(Limiter(_ => "", Math.Max(1, atOnce / PartOfExports), queue: 0), everybody);
    }

    /// <summary>Of a question: waits its turn. The turn ends with the response.</summary>
    public ValueTask<object?> QuestionAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => TurnAsync(questions, everybody, context, next);

    /// <summary>Of an export: refused while as many run, of the group or of everybody.</summary>
    public ValueTask<object?> ExportAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => TurnAsync(exports, allExports, context, next);

    public void Dispose()
    {
        questions.Dispose();
        exports.Dispose();
        allExports.Dispose();
        everybody.Dispose();
    }

    private static async ValueTask<object?> TurnAsync(
        PartitionedRateLimiter<string> own, PartitionedRateLimiter<string> shared, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // Without a scope there is nothing to read: the handler says so.
        if (Whose(http.User) is not { } whose)
            return await next(context);
        // Its own turn first: who waits for it holds no place of the others'.
        foreach (var (limiter, title) in ((PartitionedRateLimiter<string>, string)[])[(own, "Votre groupe a déjà trop de lectures en cours."), (shared, "Trop de lectures sont en cours.")])
        {
            var lease = await limiter.AcquireAsync(whose, 1, http.RequestAborted);
            http.Response.RegisterForDispose(lease);
            if (lease.IsAcquired)
                continue;
            http.Response.Headers.RetryAfter = TimeSpan.FromSeconds(5).TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Problems.Problem(StatusCodes.Status429TooManyRequests, "usage-busy", title, "Attendez la fin de l'une d'elles, puis redemandez.");
        }

        return await next(context);
    }

    /// <summary>Who sees all asks for themselves: one slow reader is not all of operations. A regime's staff see no establishment's counts, and read its own.</summary>
    private static string? Whose(ClaimsPrincipal user) => Viewer.Of(user) switch
    {
        { SeesAll: true } => $"subject:{user.FindFirstValue(CdrClaims.Subject)}",
        { } viewer => user.FindFirstValue(CdrClaims.Group) is { Length: > 0 } group ? $"group:{group}" : $"establishment:{viewer.Value}",
        null => user.FindFirstValue(CdrClaims.Role) == CdrRoles.RegimeAgent && user.FindFirstValue(CdrClaims.Regime) is { Length: > 0 } regime ? $"regime:{regime}" : null,
    };

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> partition, int atOnce, int queue) => PartitionedRateLimiter.Create<string, string>(whose =>
        RateLimitPartition.GetConcurrencyLimiter(partition(whose), _ => new ConcurrencyLimiterOptions { PermitLimit = atOnce, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));
}
