using System.Globalization;
using System.Text;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Data;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Copies;

/// <summary>Keeps the shared state's copy of what the database says of sessions.</summary>
internal sealed partial class SessionCopies(ISharedState shared, TokenMaker tokens, IOptions<PresenceOptions> presence, SessionMeter meter, TimeProvider clock, ILogger<SessionCopies> log)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <summary>Never over a copy that is there: a session that ended meanwhile must not come back. Heartbeats keep it; without them it lapses.</summary>
    /// <param name="session">Alive in the database.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public Task AliveAsync(CardSession session, CancellationToken cancellationToken) => AliveAsync(session, true, 0, cancellationToken);

    /// <inheritdoc cref="AliveAsync(CardSession, CancellationToken)"/>
    /// <param name="session">Alive in the database.</param>
    /// <param name="certain">Its agent knows that the card is there.</param>
    /// <param name="sequence">Of the statement that found no copy.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public async Task AliveAsync(CardSession session, bool certain, long sequence, CancellationToken cancellationToken)
    {
        var (left, longest) = (session.EndsAt - clock.GetUtcNow(), presence.Value.Lost);
        var mark = certain ? SessionGate.Alive : SessionGate.Doubtful;
        var value = sequence == 0 ? mark : [.. mark, .. Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture))];
        if (left <= TimeSpan.Zero)
            return;
        try
        {
            await shared.TryAddAsync(SessionGate.Key(session.Id.ToString()), value, left < longest ? left : longest, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // Whoever finds no copy asks here.
        }
    }

    /// <summary>Ends the session in the database, then says so in the copy; where that is silent, the due column has it said later.</summary>
    public async Task EndAsync(SessionsDb db, Guid id, string because, CancellationToken cancellationToken)
    {
        if (await TryMarkEndedAsync(db, id, because, cancellationToken))
            await SayEndedAsync(db, id, cancellationToken);
    }

    /// <summary>Ends the session in the database alone, for a program that has not the shared state: whoever serves says it in the copy within seconds.</summary>
    public Task MarkEndedAsync(SessionsDb db, Guid id, string because, CancellationToken cancellationToken) => TryMarkEndedAsync(db, id, because, cancellationToken);

    private async Task<bool> TryMarkEndedAsync(SessionsDb db, Guid id, string because, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ended = await db.Sessions.Where(session => session.Id == id && session.EndedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndedBecause, because).SetProperty(s => s.CopyDueAt, now),
            cancellationToken);
        if (ended == 0)
            return false;
        Log.Ended(log, id, because);
        meter.Ended(because);
        return true;
    }

    /// <summary>Writes every copy that is due; how many there were.</summary>
    public async Task<int> SayDueAsync(SessionsDb db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = await db.Sessions.Where(session => session.CopyDueAt <= now).OrderBy(session => session.CopyDueAt).Select(session => session.Id).Take(500).ToListAsync(cancellationToken);
        foreach (var id in due)
        {
            if (!await SayEndedAsync(db, id, cancellationToken))
                break;
        }

        return due.Count;
    }

    private async Task<bool> SayEndedAsync(SessionsDb db, Guid id, CancellationToken cancellationToken)
    {
        var session = db.Sessions.Where(one => one.Id == id);
        try
        {
            // Longer than any token of the session is believed.
            await shared.SetAsync(SessionGate.Key(id.ToString()), SessionGate.Ended, tokens.LongestBelieved, cancellationToken);
            await session.ExecuteUpdateAsync(set => set.SetProperty(s => s.CopyDueAt, (DateTimeOffset?)null), cancellationToken);
            return true;
        }
        catch (SharedStateUnavailableException)
        {
            var again = clock.GetUtcNow() + Again;
            await session.ExecuteUpdateAsync(set => set.SetProperty(s => s.CopyDueAt, again), cancellationToken);
            Log.Silent(log, id);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Session {Session} ended: {Because}.")]
        public static partial void Ended(ILogger logger, Guid session, string because);

        [LoggerMessage(2, LogLevel.Warning, "Session {Session}: the shared state was silent, its end will be said again.")]
        public static partial void Silent(ILogger logger, Guid session);
    }
}
