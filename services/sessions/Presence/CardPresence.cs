using System.Text;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Data;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Presence;

/// <summary>Whether the agent of a session still says that its card is there. Heartbeats are kept in the shared state only, in the session's own copy.</summary>
internal sealed class CardPresence(ISharedState shared, PresenceWatch watch, IOptions<PresenceOptions> options, TimeProvider clock)
{
    private static readonly string AliveFirst = Encoding.ASCII.GetString([.. SessionGate.Alive, .. SessionGate.Doubtful]);
    private static readonly string DoubtfulFirst = Encoding.ASCII.GetString([.. SessionGate.Doubtful, .. SessionGate.Alive]);

    /// <summary>How long a heartbeat is good for.</summary>
    public TimeSpan Lost => options.Value.Lost;

    /// <summary>One write: the copy's number goes up and its life begins anew; only where it is there, and not ended.</summary>
    /// <exception cref="SharedStateUnavailableException">Not heard.</exception>
    public Task<Raised> BeatAsync(Guid session, bool certain, long sequence, CancellationToken cancellationToken) =>
        shared.RaiseAsync(SessionGate.Key(session.ToString()), certain ? AliveFirst : DoubtfulFirst, sequence, Lost, cancellationToken);

    /// <summary>True when the copy lapsed because nobody was heard. Where the shared state is silent, or has been listening for too short a time, nobody is lost.</summary>
    public async Task<bool> IsLostAsync(CardSession session, CancellationToken cancellationToken)
    {
        if (session.Card.AgentKey.Length == 0)
            return false;
        try
        {
            if (await shared.GetAsync(SessionGate.Key(session.Id.ToString()), cancellationToken) is not null)
                return false;
            var listening = await watch.SinceAsync(cancellationToken);
            return (session.StartedAt > listening ? session.StartedAt : listening) + Lost <= clock.GetUtcNow();
        }
        catch (SharedStateUnavailableException)
        {
            return false;
        }
    }
}
