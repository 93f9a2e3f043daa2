using System.Data;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Features.FreezeCampaigns;

/// <summary>
/// Writes down how far each phase was at the end of each month, once, some days after it: what the field was told stays what it was told,
/// whatever is imported, renamed or closed later. Months that ended before a phase's first import are calculated from its dates instead.
/// </summary>
internal sealed partial class FreezeCampaigns(IDbContextFactory<UsageDb> contexts, UsageMeter meter, IHostApplicationLifetime lifetime, IOptions<UsageOptions> options, TimeProvider clock, ILogger<FreezeCampaigns> log)
    : BackgroundService
{
    /// <summary>Freezes the months that are over and are not frozen; nothing while another replica does, nor while answers wait to be counted.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!meter.IsLevel)
            return 0;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Two that read the dates at two moments would write a month of both: some départements of the one, the others of the other.
        await using var turn = await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Freeze, cancellationToken);
        if (turn is null)
            return 0;
        // Messages may be some days late.
        var last = Periods.Of(Grain.Month, Days.Of(clock.GetUtcNow() - options.Value.FreezeAfter)) - 1;
        var written = 0;
        foreach (var phase in await db.Phases.AsNoTracking().Where(phase => phase.ImportedOn != null).ToListAsync(cancellationToken))
        {
            var missing = await MissingAsync(db, phase, last, cancellationToken);
            if (missing.Count == 0)
                continue;
            var states = await StatesAsync(db, phase, cancellationToken);
            foreach (var month in missing)
                written += await WriteAsync(db, Equipment.Count(states, Periods.FirstDay(month + 1).AddDays(-1)), cancellationToken);
        }

        return written;
    }

    /// <summary>
    /// Months that are over and not frozen, of phases that a file is imported for: it would be what they are frozen with. None of a phase that
    /// has its first file: nothing was told of it.
    /// </summary>
    internal static async Task<IReadOnlyList<int>> MonthsToFreezeAsync(UsageDb db, Guid campaign, IReadOnlySet<int> named, DateOnly today, CancellationToken cancellationToken)
    {
        List<int> months = [];
        foreach (var phase in await db.Phases.AsNoTracking().Where(phase => phase.Campaign == campaign && phase.ImportedOn != null && named.Contains(phase.Number)).ToListAsync(cancellationToken))
            months.AddRange(await MissingAsync(db, phase, Periods.Of(Grain.Month, today) - 1, cancellationToken));
        months.Sort();
        return months;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(options.Value.SweepEvery, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next round tries again; an exception here would stop the host.
                Log.Later(log, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task<List<int>> MissingAsync(UsageDb db, PhaseRow phase, int last, CancellationToken cancellationToken)
    {
        var first = Math.Max(Periods.Of(Grain.Month, phase.ImportedOn!.Value), Periods.Of(Grain.Month, phase.BeganOn));
        var frozen = await db.Snapshots.Where(snapshot => snapshot.Campaign == phase.Campaign && snapshot.Phase == phase.Number && snapshot.Month >= first)
            .Select(snapshot => snapshot.Month).Distinct().ToListAsync(cancellationToken);
        return [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Except(frozen)];
    }

    /// <summary>Of one moment: between two statements a file could replace the targets, and what is written stays.</summary>
    private static async Task<List<Equipment.State>> StatesAsync(UsageDb db, PhaseRow phase, CancellationToken cancellationToken)
    {
        await using var moment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var states = await Equipment.OfAsync(db, phase.Campaign, function: null, cancellationToken);
        return [.. states.Where(state => state.Target.Phase == phase.Number)];
    }

    /// <summary>A month whole or not at all.</summary>
    private static async Task<int> WriteAsync(UsageDb db, IEnumerable<SnapshotRow> rows, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var written = 0;
        foreach (var row in rows.OrderBy(row => row.Department, StringComparer.Ordinal))
        {
            written += await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO campaign_snapshots ("Campaign", "Phase", "Month", "Department", "Targets", "Equipped")
                VALUES ({row.Campaign}, {row.Phase}, {row.Month}, {row.Department}, {row.Targets}, {row.Equipped}) ON CONFLICT DO NOTHING
                """, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A month of the campaigns could not be frozen ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);
    }
}
