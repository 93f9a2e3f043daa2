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
    // Of one address a whole hospital's software comes: one that is badly set and tries without end leaves the others most of it.
    private const int SharesOfOneName = 4;

    private readonly PartitionedRateLimiter<HttpContext> limiter =
        PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(clients.Of(http), _ => Bucket(options.Value.AnonymousRequestsPerMinute)));

    // Apart: requests that prove nothing by nature, as many as they are, refuse nobody who proves something.
    private readonly PartitionedRateLimiter<Claim> unproven = PartitionedRateLimiter.Create<Claim, Claim>(claim => RateLimitPartition.GetTokenBucketLimiter(
        claim, one => Bucket(one.Name is null ? options.Value.AnonymousRequestsPerMinute : Math.Max(1, options.Value.AnonymousRequestsPerMinute / SharesOfOneName))));

    private static TokenBucketRateLimiterOptions Bucket(int perMinute) =>
        new() { TokenLimit = perMinute, TokensPerPeriod = Math.Max(1, perMinute / 6), ReplenishmentPeriod = TimeSpan.FromSeconds(10) };

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var lease = limiter.AttemptAcquire(context.HttpContext);
        if (lease.IsAcquired)
            return await next(context);
        return TooMany(context.HttpContext);
    }

    /// <summary>Null: that client may have us look at something unproven.</summary>
    /// <param name="http">The request.</param>
    /// <param name="proof">Which kind of proof is tried: those who try another are not refused for it.</param>
    /// <param name="name">Who the client says it is, where it says so: it uses up a part of its address's, not all.</param>
    public ProblemHttpResult? Refuses(HttpContext http, Proof proof, string? name = null) =>
        // Not a lease of none: a bucket that fills drop by drop gives that at once.
        Claims(http, proof, name).Any(claim => unproven.GetStatistics(claim) is { CurrentAvailablePermits: < 1 }) ? TooMany(http) : null;

    /// <summary>It proved nothing. Parameters as of <see cref="Refuses"/>.</summary>
    public void Count(HttpContext http, Proof proof, string? name = null)
    {
        foreach (var claim in Claims(http, proof, name))
            unproven.AttemptAcquire(claim).Dispose();
    }

    public void Dispose()
    {
        limiter.Dispose();
        unproven.Dispose();
    }

    private IEnumerable<Claim> Claims(HttpContext http, Proof proof, string? name)
    {
        var all = new Claim(proof, clients.Of(http), null);
        return name is null ? [all] : [all, all with { Name = name }];
    }

    private static ProblemHttpResult TooMany(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "10";
        return Problems.Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Trop de demandes de connexion viennent de cette adresse.", "Réessayez dans quelques instants.");
    }
    /// <summary>What is tried.</summary>
    internal enum Proof
    {
        /// <summary>An agent's word about a session.</summary>
        Session,

        /// <summary>A certificate of software.</summary>
        Certificate,

        /// <summary>A registered key of software.</summary>
        Key,
    }

    private readonly record struct Claim(Proof Proof, string Address, string? Name);
}
