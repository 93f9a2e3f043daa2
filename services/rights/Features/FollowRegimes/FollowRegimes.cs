using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.FollowRegimes;

/// <summary>GET /api/regimes/changes: every regime's state, then each change, as this process sees them.</summary>
internal static class FollowRegimes
{
    // Hours and announced closures change a state without any call: it is looked at, not told.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // Who follows cannot tell a dead connection from regimes that do not change.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(10);

    // As long as a token: who follows on proves themselves again.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static RouteHandlerBuilder MapFollowRegimes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/regimes/changes", Handle)
            .RequireAuthorization(RightsPolicies.Regimes)
            .Produces<RegimeInfo>(StatusCodes.Status200OK, "text/event-stream")
            .WithName("FollowRegimes")
            .WithSummary("L'état de chaque régime, puis chaque changement, pendant cinq minutes.");

    internal static ServerSentEventsResult<RegimeInfo> Handle(HttpContext http, RegimeRegistry registry, RegimeCaller regimes, TimeProvider clock, IHostApplicationLifetime life, CancellationToken cancellationToken)
    {
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(ChangesAsync(registry, regimes, clock, life.ApplicationStopping, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<RegimeInfo>> ChangesAsync(
        RegimeRegistry registry, RegimeCaller regimes, TimeProvider clock, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, (string Health, DateTimeOffset Since, string Downtime)>(StringComparer.Ordinal);
        var end = clock.GetUtcNow() + Longest;
        var last = clock.GetUtcNow();
        // Nobody is followed by a process that stops: its server would wait for them.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        while (clock.GetUtcNow() < end && !stopping.IsCancellationRequested)
        {
            foreach (var info in ListRegimes.ListRegimes.All(registry, regimes, clock.GetUtcNow()))
            {
                if (told.TryGetValue(info.Id, out var before) && before == Of(info))
                    continue;
                told[info.Id] = Of(info);
                last = clock.GetUtcNow();
                yield return new SseItem<RegimeInfo>(info, ConsultationEvents.Regime);
            }

            if (clock.GetUtcNow() - last >= Alive)
            {
                last = clock.GetUtcNow();
                yield return new SseItem<RegimeInfo>(null!, ConsultationEvents.Alive);
            }

            await Task.Delay(Look, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // One that is announced, or withdrawn, is a change too.
    private static (string Health, DateTimeOffset Since, string Downtime) Of(RegimeInfo info) => (info.Health, info.Since, string.Join(' ', info.Downtime.Select(planned => $"{planned.From.UtcTicks}-{planned.To.UtcTicks}")));
}
