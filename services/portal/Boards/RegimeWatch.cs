using System.Net.ServerSentEvents;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Portal.Identity;

namespace Cdr.Portal.Boards;

/// <summary>Follows the regimes' states as they change.</summary>
internal sealed class RegimeWatch(Caller caller, TimeProvider clock)
{
    /// <value>A stream ends by itself after five minutes; later, its connection died without a word.</value>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);

    /// <summary>One stream to its end.</summary>
    /// <param name="seen">Told each state: all of them first, then those that change.</param>
    /// <param name="cancellationToken">Leaves.</param>
    /// <returns>Ok where it ended by itself, refused where it was lost.</returns>
    public async Task<Reply<DateTimeOffset>> FollowAsync(Action<RegimeInfo> seen, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Longest, clock);
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
                    if (item.EventType == ConsultationEvents.Regime)
                        seen(JsonSerializer.Deserialize<RegimeInfo>(item.Data, JsonSerializerOptions.Web)!);
                }
            }

            return new Reply<DateTimeOffset>.Ok(clock.GetUtcNow());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Reply<DateTimeOffset>.Refused(Trouble.Silence);
        }
    }
}
