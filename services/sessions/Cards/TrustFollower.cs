using Cdr.Contracts.Sessions;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Cards;

/// <summary>Puts what came into the trust folder in force, and ends the sessions of the cards that a new list names.</summary>
internal sealed partial class TrustFollower(
    TrustStore store, DistributionPoints points, CardVerification cards, IDbContextFactory<SessionsDb> contexts, SessionCopies copies, ILogger<TrustFollower> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private Trust? examined;

    /// <summary>One look at the folder.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        store.Refresh();
        var trust = store.Current();
        if (trust is null || ReferenceEquals(trust, examined))
            return;
        foreach (var issuer in trust.Issuers)
            points.Learn(issuer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var live = await db.Sessions.AsNoTracking().Where(session => session.EndedAt == null)
            .Select(session => new { session.Id, session.Card.Issuer, session.Card.Serial }).ToListAsync(cancellationToken);
        foreach (var session in live.Where(session => cards.WasRevoked(session.Issuer, session.Serial)))
            await copies.EndAsync(db, session.Id, SessionEnds.Revoked, cancellationToken);
        // Only now: where the database was away, the next round looks again.
        examined = trust;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRoundAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RoundAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Failed(log, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Live sessions were not held against the new revocation lists; tried again in a second.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
