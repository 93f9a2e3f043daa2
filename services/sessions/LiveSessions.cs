using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions;

/// <summary>Whether a session is alive at the clock's instant, housekeeping done or not.</summary>
internal sealed class LiveSessions(IOptions<SessionsOptions> options, TimeProvider clock)
{
    public bool IsAlive(CardSession session) => EndedBecause(session) is null;

    public string? EndedBecause(CardSession session)
    {
        if (session.EndedAt is not null)
            return session.EndedBecause;
        var now = clock.GetUtcNow();
        var idle = options.Value.IdleEnd;
        return session.EndsAt <= now || idle > TimeSpan.Zero && session.SeenAt + idle <= now ? SessionEnds.Expired : null;
    }
}
