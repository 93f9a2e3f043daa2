using System.Threading.RateLimiting;
using Cdr.Rights.Statements;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Features.VerifyStatement;

/// <summary>So many verifications a minute and address (IPv6: /64), whatever they ask: guessing is hopeless, and costs the store nothing.</summary>
internal sealed class VerifyLimit : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> limiter;

    public VerifyLimit(IOptions<StatementOptions> options, ILogger<ClientAddress> logger)
    {
        var clients = new ClientAddress(options.Value.KnownProxies, $"{StatementOptions.Section}:{nameof(StatementOptions.KnownProxies)}", logger);
        var most = options.Value.VerificationsPerMinute;
        limiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(clients.Of(http), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = most,
            TokensPerPeriod = Math.Max(1, most / 6),
            ReplenishmentPeriod = TimeSpan.FromSeconds(10),
        }));
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var lease = limiter.AttemptAcquire(http);
        if (lease.IsAcquired)
            return await next(context);
        http.Response.Headers.RetryAfter = "10";
        return VerifyPage.IsWantedBy(http.Request)
            ? VerifyPage.TooMany()
            : Problems.Problem(StatusCodes.Status429TooManyRequests, "too-many-verifications", "Trop de vérifications viennent de cette adresse.", "Réessayez dans quelques instants.");
    }

    public void Dispose() => limiter.Dispose();
}
