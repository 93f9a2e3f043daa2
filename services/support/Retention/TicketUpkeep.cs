using System.Diagnostics.Metrics;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Retention;

/// <summary>Once a day, where its options say so: the purge that the command does. Told in counters and a line of log, by numbers alone.</summary>
internal sealed partial class TicketUpkeep : BackgroundService
{
    // A service that restarts does not begin with it; and one that slept through its hour does it all the same.
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly IDbContextFactory<SupportDb> contexts;
    private readonly Cdr.ServiceDefaults.Stores.Store store;
    private readonly TicketUpkeepOptions options;
    private readonly RetentionOptions retention;
    private readonly TimeProvider clock;
    private readonly ILogger<TicketUpkeep> log;
    private readonly Counter<long> runs;
    private readonly Counter<long> erased;

    public TicketUpkeep(
        IDbContextFactory<SupportDb> contexts, [FromKeyedServices(SupportModule.StoreName)] Cdr.ServiceDefaults.Stores.Store store, IOptions<TicketUpkeepOptions> options, IOptions<RetentionOptions> retention,
        IMeterFactory meters, TimeProvider clock, ILogger<TicketUpkeep> log)
    {
        (this.contexts, this.store, this.options, this.retention, this.clock, this.log) = (contexts, store, options.Value, retention.Value, clock, log);
        var meter = meters.Create("Cdr.Support");
        runs = meter.CreateCounter<long>("cdr.support.upkeep", "{run}", "Purges of tickets that were due, by what became of them.");
        erased = meter.CreateCounter<long>("cdr.support.erased", "{erasure}", "Tickets of which something was past its time and was erased, by policy.");
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Purge && !store.IsEmbedded && string.IsNullOrEmpty(store.OwnerConnectionString))
            throw new InvalidOperationException("Support:Upkeep:Purge is set, and ConnectionStrings:SupportOwner is not: the application's role removes nothing.");
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Purge)
            return;
        try
        {
            for (var next = clock.GetUtcNow() + AfterStart; ;)
            {
                if (next - clock.GetUtcNow() is { Ticks: > 0 } wait)
                    await Task.Delay(wait, clock, stoppingToken);
                next = await RunAsync(stoppingToken) ? Next(clock.GetUtcNow()) : clock.GetUtcNow() + Again;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <returns>False when it is to be tried again before tomorrow.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var became = "failed";
        try
        {
            await using var db = OwnedStore.Open(contexts, store);
            await using var taken = await StoreLock.TryTakeAsync(db, TicketPurge.LockKey, cancellationToken);
            became = taken is null ? "elsewhere" : await PurgeAsync(db, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(log, e.GetType().Name);
        }

        runs.Add(1, new KeyValuePair<string, object?>("cdr.upkeep.became", became));
        // Whoever has it may die of it.
        return became is not ("failed" or "elsewhere");
    }

    private async Task<string> PurgeAsync(SupportDb db, CancellationToken cancellationToken)
    {
        var gone = 0;
        await foreach (var one in new TicketPurge(db, retention, clock).RunAsync(isDry: false, cancellationToken))
        {
            gone++;
            erased.Add(1, new KeyValuePair<string, object?>("cdr.support.policy", one.Policy));
        }

        Log.Purged(log, gone);
        return gone > 0 ? "done" : "nothing";
    }

    private DateTimeOffset Next(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + options.At;
        return today > now ? today : today.AddDays(1);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Purged: of {Tickets} tickets something was past its time.")]
        public static partial void Purged(ILogger logger, int tickets);

        [LoggerMessage(2, LogLevel.Error, "The purge of tickets failed ({Error}); it is tried again in an hour.")]
        public static partial void Failed(ILogger logger, string error);
    }
}
