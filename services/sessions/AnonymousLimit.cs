using System.Threading.RateLimiting;
using Cdr.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions;

/// <summary>Limits what proves nothing yet, by client: guessing tickets must not be free.</summary>
internal sealed class AnonymousLimit(ClientAddress clients, IOptions<SessionsOptions> options) : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
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
        context.HttpContext.Response.Headers.RetryAfter = "10";
        return Problems.Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Trop de demandes de connexion viennent de cette adresse.", "Réessayez dans quelques instants.");
    }

    public void Dispose() => limiter.Dispose();
}
