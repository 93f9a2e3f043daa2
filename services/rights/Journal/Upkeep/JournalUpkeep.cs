using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Journal.Upkeep;

/// <summary>
/// Once a day, where its options say so: an anchor of every chain, then the purge. The same as the commands do; told in a counter and a line
/// of log, by numbers alone.
/// </summary>
internal sealed partial class JournalUpkeep : BackgroundService, IToldFromZero
{
    /// <summary>Of the lock that one upkeep at a time holds: « cdr up ».</summary>
    public const long LockKey = 0x636472_7570;

    // A service that restarts does not begin with it; and one that slept through its hour does it all the same.
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly string[] Became = ["done", "nothing", "there", "elsewhere", "failed", "damaged"];

    private readonly IDbContextFactory<RightsDb> contexts;
    private readonly Store store;
    private readonly BatchSigner signer;
    private readonly UpkeepOptions options;
    private readonly RetentionOptions retention;
    private readonly TimeProvider clock;
    private readonly ILogger<JournalUpkeep> log;
    private readonly Counter<long> runs;
    private readonly Counter<long> purged;
    private bool isHalfPurged;

    // Before the first anchor: there was nothing to state by then.
    private DateTimeOffset? nothingAt;

    public JournalUpkeep(
        IDbContextFactory<RightsDb> contexts, [FromKeyedServices(RightsModule.Name)] Store store, BatchSigner signer, IOptions<UpkeepOptions> options, IOptions<RetentionOptions> retention, IMeterFactory meters,
        TimeProvider clock, ILogger<JournalUpkeep> log)
    {
        (this.contexts, this.store, this.signer, this.options, this.retention, this.clock, this.log) = (contexts, store, signer, options.Value, retention.Value, clock, log);
        var meter = meters.Create("Cdr.Rights");
        runs = meter.CreateCounter<long>("cdr.rights.journal.upkeep", "{run}", "Anchors and purges that were due, by what became of them.");
        purged = meter.CreateCounter<long>("cdr.rights.journal.purged", "{record}", "Records past their time that were removed.");
        meter.CreateObservableGauge<double>("cdr.rights.journal.anchor.age", AnchorAge, "s", "Since when the folder has its newest anchor.");
    }

    /// <inheritdoc />
    public void TellZero()
    {
        foreach (var (task, _) in Tasks().Where(one => one.IsDue))
        {
            foreach (var became in Became)
                Count(0, task, became);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Purge && !store.IsEmbedded && string.IsNullOrEmpty(store.OwnerConnectionString))
            throw new InvalidOperationException("Journal:Upkeep:Purge is set, and ConnectionStrings:RightsOwner is not: the application's role removes nothing.");
        if (options.AnchorFolder is { } folder && !Directory.Exists(folder))
            throw new InvalidOperationException("Journal:Upkeep:AnchorFolder is no folder.");
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options is { AnchorFolder: null, Purge: false })
            return;
        try
        {
            for (var next = clock.GetUtcNow() + AfterStart; ;)
            {
                if (next - clock.GetUtcNow() is { Ticks: > 0 } wait)
                    await Task.Delay(wait, clock, stoppingToken);
                next = await RunAsync(stoppingToken) ? Next(clock.GetUtcNow(), options.At) : clock.GetUtcNow() + Again;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>The next time that the clock says so.</summary>
    internal static DateTimeOffset Next(DateTimeOffset now, TimeSpan at)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + at;
        return today > now ? today : today.AddDays(1);
    }

    /// <summary>Both, each whatever becomes of the other.</summary>
    /// <returns>False when one is to be tried again before tomorrow.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var isAnchored = options.AnchorFolder is not { } folder || await TryAsync("anchor", contexts.CreateDbContext, db => AnchorAsync(db, folder, cancellationToken), cancellationToken);
        var isPurged = !options.Purge || await TryAsync("purge", OpenAsOwner, db => PurgeAsync(db, cancellationToken), cancellationToken);
        return isAnchored && isPurged;
    }

    private async Task<bool> TryAsync(string task, Func<RightsDb> open, Func<RightsDb, Task<string>> work, CancellationToken cancellationToken)
    {
        var became = "failed";
        try
        {
            await using var db = open();
            await using var taken = await StoreLock.TryTakeAsync(db, LockKey, cancellationToken);
            became = taken is null ? "elsewhere" : await work(db);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(log, task, e.GetType().Name);
        }

        Count(1, task, became);
        // Whoever has it may die of it.
        return became is not ("failed" or "elsewhere");
    }

    private async Task<string> AnchorAsync(RightsDb db, string folder, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"anchor-{now.UtcDateTime:yyyy-MM-dd}.json"));
        if (File.Exists(file))
            return "there";
        var damaged = 0;
        var stated = await Checkpoint.MakeAsync(db, signer, now, all: true, chain => { damaged++; Log.Damaged(log, chain); }, cancellationToken);
        if (stated is not { } made)
        {
            nothingAt = now;
            return "nothing";
        }

        // Whole, or not at all.
        var unfinished = file + ".unfinished";
        await File.WriteAllBytesAsync(unfinished, JsonSerializer.SerializeToUtf8Bytes(Anchor.Of(made.Checkpoint, made.Heads), EvidenceFiles.Default.Anchor), cancellationToken);
        File.Move(unfinished, file);
        Log.Anchored(log, made.Checkpoint.Id, made.Heads.Count);
        return damaged > 0 ? "damaged" : "done";
    }

    private async Task<string> PurgeAsync(RightsDb db, CancellationToken cancellationToken)
    {
        // As the anchor's file says it. One that failed in the middle goes on.
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        if (!isHalfPurged && await db.Writers.AnyAsync(writer => writer.Started >= today && writer.Host.EndsWith(JournalPurge.HostMark), cancellationToken))
            return "there";
        isHalfPurged = true;
        var gone = 0L;
        await foreach (var step in new JournalPurge(db, signer, retention, clock).RunAsync(isDry: false, cancellationToken))
        {
            gone += step.Records;
            purged.Add(step.Records);
        }

        var files = await BatchPurge.RunAsync(db, retention.TracesUntil(clock.GetUtcNow()), isDry: false, cancellationToken);
        isHalfPurged = false;
        Log.Purged(log, gone, files);
        return gone + files > 0 ? "done" : "nothing";
    }

    private IEnumerable<(string Task, bool IsDue)> Tasks() => [("anchor", options.AnchorFolder is not null), ("purge", options.Purge)];

    private void Count(int number, string task, string became) =>
        runs.Add(number, new KeyValuePair<string, object?>("cdr.upkeep.task", task), new KeyValuePair<string, object?>("cdr.upkeep.became", became));

    // Whoever wrote it: another process, or the command. Never from this process's start: one that restarts each day would always be young.
    private IEnumerable<Measurement<double>> AnchorAge()
    {
        if (options.AnchorFolder is not { } path || !Directory.Exists(path))
            return [];
        var folder = new DirectoryInfo(path);
        var newest = folder.EnumerateFiles("anchor-*.json").Select(file => (DateTimeOffset?)file.LastWriteTimeUtc).Max() ?? nothingAt ?? folder.CreationTimeUtc;
        return [new((clock.GetUtcNow() - newest).TotalSeconds)];
    }

    private RightsDb OpenAsOwner() =>
        store.IsEmbedded ? contexts.CreateDbContext() : new RightsDb(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(store.OwnerConnectionString).Options);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Anchor written: checkpoint {Checkpoint}, {Chains} chains.")]
        public static partial void Anchored(ILogger logger, Guid checkpoint, int chains);

        [LoggerMessage(2, LogLevel.Information, "Purged: {Records} records and {Files} files of questions were past their time.")]
        public static partial void Purged(ILogger logger, long records, int files);

        [LoggerMessage(3, LogLevel.Error, "The journal's {Task} failed ({Error}); it is tried again in an hour.")]
        public static partial void Failed(ILogger logger, string task, string error);

        [LoggerMessage(4, LogLevel.Critical, "Chain {Chain} lacks batches and is not in the anchor: verify the journal.")]
        public static partial void Damaged(ILogger logger, Guid chain);
    }
}
