using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Features.SweepRollups;

/// <summary>Removes the minutes, hours and days that are past their time: 24 h, 60 days, 13 months. Months stay; those that another version counted are summed.</summary>
internal sealed partial class SweepRollups(IDbContextFactory<UsageDb> contexts, IHostApplicationLifetime lifetime, IOptions<UsageOptions> options, TimeProvider clock, ILogger<SweepRollups> log)
    : BackgroundService
{
    private readonly Dictionary<RollupTable, int> swept = [];

    /// <summary>Removes what is past its time now; nothing while another replica does.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var turn = await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Sweep, cancellationToken);
        if (turn is null)
            return 0;
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        if (await LateSums.MendAsync(db, cancellationToken))
            Log.Summed(log);
        var removed = 0;
        foreach (var table in RollupTable.All.Where(table => table.Grain != Grain.Month))
        {
            // Of days, the same for a month: nothing is written before it.
            var first = Periods.First(table.Grain, clock.GetUtcNow());
            if (swept.GetValueOrDefault(table) == first)
                continue;
            var sql = $"DELETE FROM {table.Name} WHERE period < {{0}}";
            removed += await db.Database.ExecuteSqlRawAsync(sql, [first], cancellationToken);
            swept[table] = first;
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var removed = await RunOnceAsync(stoppingToken);
                if (removed > 0)
                    Log.Swept(log, removed);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next round tries again; an exception here would stop the host.
                Log.Later(log, e.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Rows} rows of minutes, hours and days were past their time and are removed.")]
        public static partial void Swept(ILogger logger, int rows);

        [LoggerMessage(3, LogLevel.Information, "Another version of this program counted: the months of establishments are summed again.")]
        public static partial void Summed(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "Counts past their time could not be removed ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);
    }
}
