using System.Net.ServerSentEvents;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Portal.Identity;

namespace Cdr.Portal.Boards;

/// <summary>Follows the regimes' states as they change.</summary>
internal sealed class RegimeWatch(Caller caller, TimeProvider clock)
{
    /// <value>A stream says every ten seconds that it lives; silent for three times that, its connection died without a word.</value>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <value>A stream ends by itself after five minutes: sooner than this, something ended it.</value>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Around the usual time, so that boards that lost their streams together do not come back together.</summary>
    public static TimeSpan Wait(TimeSpan usual) => usual * (0.5 + Random.Shared.NextDouble());

    /// <summary>One stream to its end.</summary>
    /// <param name="seen">Told each state: all of them first, then those that change.</param>
    /// <param name="cancellationToken">Leaves.</param>
    /// <returns>Ok where it ended by itself, refused where it was lost, whatever the reason.</returns>
    public async Task<Reply<DateTimeOffset>> FollowAsync(Func<RegimeInfo, Task> seen, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var patience = new CancellationTokenSource(Silence, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var reply = await caller.RightsAsync(rights => rights.FollowRegimesAsync(linked.Token), cancellationToken);
            if (reply is not Reply<HttpResponseMessage>.Ok { Value: var response })
                return reply is Reply<HttpResponseMessage>.Refused { Trouble: var trouble } ? new Reply<DateTimeOffset>.Refused(trouble) : new Reply<DateTimeOffset>.Ended();
            using (response)
            {
                await using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(linked.Token))
                {
                    patience.CancelAfter(Silence);
                    if (item.EventType == ConsultationEvents.Regime)
                        await seen(JsonSerializer.Deserialize<RegimeInfo>(item.Data, JsonSerializerOptions.Web)!);
                }
            }

            return clock.GetElapsedTime(started) < Shortest ? new Reply<DateTimeOffset>.Refused(Trouble.Silence) : new Reply<DateTimeOffset>.Ok(clock.GetUtcNow());
        }
        // Whatever it was: a board that nobody feeds is not to say that it is followed.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply<DateTimeOffset>.Refused(Trouble.Silence);
        }
    }
}
