using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Batches;

/// <summary>
/// Puts lines that are due into the lane, and erases what is past its time. What is due is in the database alone: a process that dies
/// leaves its lines to whoever looks next, once their lease is over. Every process runs one.
/// </summary>
internal sealed partial class BatchPump(IDbContextFactory<RightsDb> contexts, IBus bus, IOptions<BatchOptions> options, BatchMeter meter, TimeProvider clock, ILogger<BatchPump> log) : BackgroundService
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EraseEvery = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim accepted = new(0, 1);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(10);
    private DateTimeOffset nextErasure;
    private DateTimeOffset nextMeasure;

    /// <summary>A file was accepted: it need not wait for the next round.</summary>
    public void Wake()
    {
        if (accepted.CurrentCount > 0)
            return;
        try
        {
            accepted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                await accepted.WaitAsync(options.Value.PumpPeriod, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Waiting(log, e.GetType().Name);
                await Task.Delay(options.Value.PumpPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var message in await BatchClaims.TakeAsync(db, options.Value, clock.GetUtcNow(), cancellationToken))
        {
            if (!await PublishAsync(message, cancellationToken))
                await ReleaseAsync(db, message, cancellationToken);
        }

        var now = clock.GetUtcNow();
        if (now >= nextMeasure)
        {
            var waiting = db.BatchLines.Where(l => l.State == BatchLineState.Waiting);
            meter.Waiting(await waiting.CountAsync(cancellationToken), now - (await waiting.MinAsync(l => (DateTimeOffset?)l.NextTry, cancellationToken) ?? now));
            nextMeasure = now + MeasureEvery;
        }

        if (now >= nextErasure)
        {
            await EraseAsync(db, now, cancellationToken);
            nextErasure = now + EraseEvery;
        }
    }

    /// <summary>Until the broker has confirmed it: <i>mandatory</i>, because RabbitMQ confirms what it cannot route and drops it.</summary>
    private async Task<bool> PublishAsync(AskBatchLines message, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PublishTimeout);
        try
        {
            await bus.Publish(message, context =>
            {
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                    rabbit.Mandatory = true;
            }, timeout.Token);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotPublished(log, message.Batch, e.GetType().Name);
            return false;
        }
    }

    /// <summary>What was not confirmed may be under way all the same: until when it was leased stays.</summary>
    private static Task<int> ReleaseAsync(RightsDb db, AskBatchLines message, CancellationToken cancellationToken) =>
        db.BatchLines.Where(l => l.Batch == message.Batch && message.Lines.Contains(l.Line) && l.State == BatchLineState.Waiting && l.Lease == message.Claim)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Lease, (Guid?)null), cancellationToken);

    /// <summary>The questions go; the counts and the consultations' ids stay, and the answers have their own time in the journal.</summary>
    private async Task EraseAsync(RightsDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // For the index that is filtered so. A process that died between its last line and this note, or left the lines of a cancelled file waiting.
        foreach (var file in await db.BatchFiles.Where(f => f.EndedAt == null && f.ErasedAt == null).Select(f => f.Id).ToListAsync(cancellationToken))
            await BatchEnd.CancelLinesAsync(db, file, now, cancellationToken);
        var past = now - options.Value.Kept;
        foreach (var file in await db.BatchFiles.Where(f => f.ErasedAt == null && f.EndedAt <= past).Select(f => f.Id).ToListAsync(cancellationToken))
        {
            await db.BatchLines.Where(l => l.Batch == file).ExecuteUpdateAsync(set => set.SetProperty(l => l.Question, Array.Empty<byte>()), cancellationToken);
            await db.BatchFiles.Where(f => f.Id == file).ExecuteUpdateAsync(set => set.SetProperty(f => f.ErasedAt, (DateTimeOffset?)now), cancellationToken);
            Log.Erased(log, file);
        }
    }

    public override void Dispose()
    {
        accepted.Dispose();
        base.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The lane of batches waits ({Error}).")]
        public static partial void Waiting(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "Lines of batch {Batch} are not in the lane yet ({Error}); they will be.")]
        public static partial void NotPublished(ILogger logger, Guid batch, string error);

        [LoggerMessage(3, LogLevel.Information, "The questions of batch {Batch} were erased.")]
        public static partial void Erased(ILogger logger, Guid batch);
    }
}
