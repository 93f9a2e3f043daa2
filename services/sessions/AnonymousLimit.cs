using System.Threading.RateLimiting;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions;

/// <summary>
/// Limits what proves nothing, by client. As a filter: each request of what never proves anything by itself. Otherwise by hand, where most
/// prove something: only those that did not count, and only they are refused.
/// </summary>
internal sealed class AnonymousLimit(ClientAddress clients, IOptions<SessionsOptions> options) : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> limiter = Limiter(clients, options);

    // Apart: requests that prove nothing by nature, as many as they are, refuse nobody who proves something.
    private readonly PartitionedRateLimiter<HttpContext> unproven = Limiter(clients, options);

    private static PartitionedRateLimiter<HttpContext> Limiter(ClientAddress clients, IOptions<SessionsOptions> options) => PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetTokenBucketLimiter(clients.Of(http), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.AnonymousRequestsPerMinute,
            TokensPerPeriod = Math.Max(1, options.Value.AnonymousRequestsPerMinute / 6),
            ReplenishmentPeriod = TimeSpan.FromSeconds(10),
        }));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var lease = limiter.AttemptAcquire(context.HttpContext);
        if (lease.IsAcquired)
            return await next(context);
        return TooMany(context.HttpContext);
    }

    /// <summary>Null: that client may have the database asked about something unproven.</summary>
    public ProblemHttpResult? Refuses(HttpContext http) =>
        // Not a lease of none: a bucket that fills drop by drop gives that at once.
        unproven.GetStatistics(http) is { CurrentAvailablePermits: < 1 } ? TooMany(http) : null;

    /// <summary>It was asked for nothing.</summary>
    public void Count(HttpContext http) => unproven.AttemptAcquire(http).Dispose();

    public void Dispose()
    {
        limiter.Dispose();
        unproven.Dispose();
    }

    private static ProblemHttpResult TooMany(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "10";
        return Problems.Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Trop de demandes de connexion viennent de cette adresse.", "Réessayez dans quelques instants.");
    }
}
