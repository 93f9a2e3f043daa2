using Cdr.Contracts.Sessions;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Software;

/// <summary>Ends the sessions of certificates that are trusted no more, and says the ends that are due.</summary>
internal sealed partial class SoftwareRevocation(
    IDbContextFactory<SessionsDb> contexts, SoftwareSessions sessions, StillTrusted still, TimeProvider clock, ILogger<SoftwareRevocation> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>One round, at the clock's instant.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // A certificate or two a client: few, however many humans are behind them.
        var certificates = await db.SoftwareSessions.Where(session => session.EndedAt == null && session.EndsAt > now && session.Issuer != "")
            .Select(session => new { session.Issuer, session.Serial }).Distinct().ToListAsync(cancellationToken);
        foreach (var one in certificates)
        {
            if (still.WhyNot(one.Issuer, one.Serial) is { } refusal && StillTrusted.EndOf(refusal, SessionEnds.Revoked) is { } because)
                await sessions.EndAsync(db, db.SoftwareSessions.Where(session => session.Issuer == one.Issuer && session.Serial == one.Serial), because, cancellationToken);
        }

        await sessions.SayDueAsync(db, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The pace is the machine's; what is due is the clock's.
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

    private async Task TryRoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RoundAsync(stoppingToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The database was away: what is due stays due.
            Log.Failed(log, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A round over the sessions of software failed; the next one takes it up.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
