using System.Linq.Expressions;
using Cdr.Rights.Journal;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Regimes;

/// <summary>
/// Puts what was announced since the registry was read beside each regime: at the start, as soon as this process hears of one, and every few
/// seconds, since another process may have heard it.
/// </summary>
internal sealed partial class AnnouncedDowntimes(IDbContextFactory<RightsDb> contexts, RegimeRegistry registry, TimeProvider clock, ILogger<AnnouncedDowntimes> log) : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    // Until the first look an embedded store may not be made yet, and a regime that is closed would be asked meanwhile.
    private static readonly TimeSpan AtFirst = TimeSpan.FromSeconds(1);

    // What was read first would else be put beside the regimes last.
    private readonly SemaphoreSlim looking = new(1, 1);

    /// <summary>What holds: what was said last, whenever it was heard.</summary>
    internal static Expression<Func<AnnouncedDowntimeRow, bool>> Holds(RightsDb db, DateTimeOffset now) =>
        row => row.To > now && !row.Withdrawn && !db.AnnouncedDowntimes.Any(later => later.Announcement == row.Announcement && later.SaidAt > row.SaidAt);

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await looking.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var rows = await db.AnnouncedDowntimes.AsNoTracking().Where(Holds(db, clock.GetUtcNow())).ToListAsync(cancellationToken);
            foreach (var regime in registry.Rows)
                regime.Announce(rows.Where(row => row.Regime == regime.Id.Value).Select(row => new PlannedDowntime(row.From, row.To)));
        }
        finally
        {
            looking.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        looking.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = AtFirst;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                pause = Every;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // What was read last holds on.
                Log.NotRead(log, e.GetType().Name);
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Announced interruptions could not be read ({Error}): those that were read last hold on.")]
        public static partial void NotRead(ILogger logger, string error);
    }
}
