using System.Text;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Data;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Presence;

/// <summary>Whether the agent of a session still says that its card is there. Heartbeats are kept in the shared state only, in the session's own copy.</summary>
internal sealed class CardPresence(ISharedState shared, Heartbeats heartbeats, PresenceWatch watch, IOptions<PresenceOptions> options, TimeProvider clock)
{
    private static readonly string DoubtfulFirst = Encoding.ASCII.GetString([.. SessionGate.Doubtful, .. SessionGate.Alive]);

    /// <summary>How long a heartbeat is good for.</summary>
    public TimeSpan Lost => options.Value.Lost;

    /// <summary>The copy's number goes up and its life begins anew; only where it is there, and not ended.</summary>
    /// <exception cref="SharedStateUnavailableException">Not heard.</exception>
    public Task<Raised> BeatAsync(Guid session, bool certain, long sequence, CancellationToken cancellationToken) => certain
        ? heartbeats.SayAsync(session, sequence, cancellationToken)
        : DoubtAsync(session, sequence, cancellationToken);

    /// <summary>True when the copy lapsed because nobody was heard. Where the shared state is silent, or has been listening for too short a time, nobody is lost.</summary>
    public async Task<bool> IsLostAsync(CardSession session, CancellationToken cancellationToken)
    {
        if (session.Card.AgentKey.Length == 0)
            return false;
        try
        {
            if (await shared.GetAsync(SessionGate.Key(session.Id.ToString()), cancellationToken) is not null)
                return false;
            return IsLost(session.StartedAt, await watch.SinceAsync(cancellationToken));
        }
        catch (SharedStateUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Those whose copy lapsed, many in one round trip.</summary>
    /// <param name="sessions">Alive in the database, each bound to an agent.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <exception cref="SharedStateUnavailableException">Nobody can say.</exception>
    public async Task<IReadOnlyList<Guid>> LostAsync(IReadOnlyList<(Guid Id, DateTimeOffset StartedAt)> sessions, CancellationToken cancellationToken)
    {
        var there = await shared.ExistAsync([.. sessions.Select(session => SessionGate.Key(session.Id.ToString()))], cancellationToken);
        // Read after the copies: a break in between is a break.
        var since = await watch.SinceAsync(cancellationToken);
        return [.. sessions.Where((session, at) => !there[at] && IsLost(session.StartedAt, since)).Select(session => session.Id)];
    }

    /// <summary>Rare, and waited for: it goes alone. A heartbeat of before that is still on its way is no higher.</summary>
    private async Task<Raised> DoubtAsync(Guid session, long sequence, CancellationToken cancellationToken) =>
        (await shared.RaiseAsync([(SessionGate.Key(session.ToString()), sequence)], DoubtfulFirst, Lost, cancellationToken))[0];

    private bool IsLost(DateTimeOffset started, DateTimeOffset listening) => (started > listening ? started : listening) + Lost <= clock.GetUtcNow();
}
