using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Data;
using Cdr.Sessions.Package;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Copies;

/// <summary>What is due: ends not yet said, sessions past their time, spent challenges and tickets, the next signing key.</summary>
internal sealed partial class Housekeeping(
    IDbContextFactory<SessionsDb> contexts,
    SessionCopies copies,
    SigningKeys keys,
    CardPresence presence,
    ISharedState shared,
    IOptions<SessionsOptions> options,
    IOptions<PostOptions> posts,
    IOptions<PackageOptions> package,
    SessionMeter meter,
    TimeProvider clock,
    ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan EverySweep = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EveryForgetting = TimeSpan.FromHours(1);

    // Whoever replays something spent is told so for a while, rather than that it is unknown.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private DateTimeOffset forgottenAt;
    private DateTimeOffset countedAt;

    /// <summary>One round, at the clock's instant.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var idle = options.Value.IdleEnd > TimeSpan.Zero ? now - options.Value.IdleEnd : DateTimeOffset.MinValue.AddYears(1);
        var over = await db.Sessions.Where(session => session.EndedAt == null && (session.EndsAt <= now || session.SeenAt <= idle))
            .OrderBy(session => session.EndsAt).Select(session => session.Id).Take(500).ToListAsync(cancellationToken);
        foreach (var id in over)
            await copies.EndAsync(db, id, SessionEnds.Expired, cancellationToken);
        await LostAsync(db, now, cancellationToken);
        await copies.SayDueAsync(db, cancellationToken);
        if (now - countedAt >= EverySweep)
        {
            meter.Open(await db.Sessions.CountAsync(session => session.EndedAt == null, cancellationToken));
            countedAt = now;
        }

        var forgotten = now - Remembered;
        await db.Challenges.Where(challenge => challenge.ExpiresAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        await db.Tickets.Where(ticket => ticket.ExpiresAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        await db.SpentAssertions.Where(spent => spent.ExpiresAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        await db.ProviderLogins.Where(login => login.EndsAt < now).ExecuteDeleteAsync(cancellationToken);
        await ForgetAsync(db, now, cancellationToken);
        await keys.AllAsync(cancellationToken);
    }

    /// <summary>Whoever uses a session whose agent fell silent is refused by then; this ends those that nobody uses. One replica at a time looks.</summary>
    private async Task LostAsync(SessionsDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            if (!await shared.TryAddAsync("cdr:presence:sweep", "1"u8.ToArray(), EverySweep, cancellationToken))
                return;
            var old = now - presence.Lost;
            byte[] nobody = [];
            var live = await db.Sessions.Where(session => session.EndedAt == null && session.StartedAt <= old && session.Card.AgentKey != nobody)
                .Select(session => new { session.Id, session.StartedAt }).ToListAsync(cancellationToken);
            foreach (var some in live.Chunk(1_000))
            {
                foreach (var lost in await presence.LostAsync([.. some.Select(session => (session.Id, session.StartedAt))], cancellationToken))
                    await copies.EndAsync(db, lost, SessionEnds.HeartbeatLost, cancellationToken);
            }
        }
        catch (SharedStateUnavailableException)
        {
            // Nobody is lost.
        }
    }

    /// <summary>What has been kept long enough: no hurry, and not at each round.</summary>
    private async Task ForgetAsync(SessionsDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - forgottenAt < EveryForgetting)
            return;
        forgottenAt = now;
        var (silent, ended) = (now - posts.Value.Kept, now - package.Value.Kept);
        await db.Posts.Where(post => post.ReportedAt < silent).ExecuteDeleteAsync(cancellationToken);
        await db.Set<PackageDownload>().Where(download => download.Access!.EndsAt < ended).ExecuteDeleteAsync(cancellationToken);
        await db.Set<PackageTrial>().Where(trial => trial.Access!.EndsAt < ended).ExecuteDeleteAsync(cancellationToken);
        await db.Set<PackageAccess>().Where(access => access.EndsAt < ended).ExecuteDeleteAsync(cancellationToken);
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
        [LoggerMessage(1, LogLevel.Warning, "A round of housekeeping failed; the next one takes it up.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
