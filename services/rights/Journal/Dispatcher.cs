using System.Diagnostics;
using Cdr.Contracts.Rights;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Journal;

/// <summary>
/// Tells committed batches on the bus, in order, each at least once. It alone waits for the broker. What it could not tell stays in the
/// journal and is told later, by this process or by another that finds it untold.
/// </summary>
internal sealed partial class Dispatcher(
    CommittedBatches committed, JournalWriter writer, JournalReader reader, IBusControl bus, IDbContextFactory<RightsDb> contexts, IOptions<JournalOptions> options, TimeProvider clock, ILogger<Dispatcher> log)
    : BackgroundService
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NotePeriod = TimeSpan.FromSeconds(10);
    private readonly TimeSpan sweepPeriod = options.Value.SweepPeriod;
    private long told;
    private long noted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(TellOwnAsync(stoppingToken), NoteAsync(stoppingToken), SweepAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is untold is in the journal.
        }
    }

    private async Task TellOwnAsync(CancellationToken stoppingToken)
    {
        await foreach (var batch in committed.Reader.ReadAllAsync(stoppingToken))
        {
            var message = batch.Message;
            while (told + 1 < message.Batch)
            {
                foreach (var missed in await Patiently(() => reader.BatchesAsync(writer.Journal, told, 100, stoppingToken), stoppingToken))
                {
                    if (missed.Batch >= message.Batch)
                        break;
                    await TellAsync(new CommittedBatch(missed, []), stoppingToken);
                    Told(missed.Batch);
                }
            }

            if (message.Batch <= told)
                continue;
            await TellAsync(batch, stoppingToken);
            Told(message.Batch);
        }
    }

    private void Told(long batch)
    {
        told = batch;
        committed.Told(batch);
    }

    /// <summary>Publishes until the broker has confirmed it: <i>mandatory</i>, because RabbitMQ confirms what it cannot route and drops it.</summary>
    private async Task TellAsync(CommittedBatch batch, CancellationToken stoppingToken)
    {
        var message = batch.Message;
        while (true)
        {
            using var span = BatchSpans.Tell(batch);
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            timeout.CancelAfter(PublishTimeout);
            try
            {
                await bus.Publish(message, context =>
                {
                    if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                        rabbit.Mandatory = true;
                }, timeout.Token);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
                Log.NotTold(log, message.Journal, message.Batch, e.GetType().Name);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    /// <summary>Notes how far it is, now and then: after a crash a few batches are told twice, and their consumers know them.</summary>
    private async Task NoteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(NotePeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = told;
            if (now == noted)
                continue;
            await Patiently(async () =>
            {
                await NoteAsync(writer.Journal, now, stoppingToken);
                return true;
            }, stoppingToken);
            noted = now;
        }
    }

    /// <summary>Tells what other writers left untold: those that died, and our own last start.</summary>
    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(sweepPeriod, clock);
        do
        {
            foreach (var (journal, from) in await Patiently(() => UntoldAsync(stoppingToken), stoppingToken))
            {
                var last = from;
                IReadOnlyList<ConsultationsAnswered> page;
                while ((page = await Patiently(() => reader.BatchesAsync(journal, last, 100, stoppingToken), stoppingToken)).Count > 0)
                {
                    foreach (var message in page)
                    {
                        await TellAsync(new CommittedBatch(message, []), stoppingToken);
                        last = message.Batch;
                    }
                }

                await Patiently(async () =>
                {
                    await NoteAsync(journal, last, stoppingToken);
                    return true;
                }, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<(Guid Journal, long From)>> UntoldAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // A batch that its own writer still holds is younger than this.
        var before = clock.GetUtcNow() - sweepPeriod;
        var heads = await JournalReader.Heads(db).Where(b => b.Journal != writer.Journal && b.At < before)
            .Select(b => new { b.Journal, b.Batch, Told = db.Dispatches.Where(d => d.Journal == b.Journal).Max(d => (long?)d.Batch) ?? 0 }).ToListAsync(cancellationToken);
        return [.. heads.Where(h => h.Told < h.Batch).Select(h => (h.Journal, h.Told))];
    }

    private async Task NoteAsync(Guid journal, long batch, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Dispatches.AnyAsync(d => d.Journal == journal && d.Batch == batch, cancellationToken))
            return;
        db.Dispatches.Add(new JournalDispatch { Journal = journal, Batch = batch, At = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The database may be down for a while: nothing here is urgent, and nothing is lost.</summary>
    private async Task<T> Patiently<T>(Func<Task<T>> work, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Waiting(log, e.GetType().Name);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Batch {Batch} of journal {Journal} is not told yet ({Error}); it will be.")]
        public static partial void NotTold(ILogger logger, Guid journal, long batch, string error);

        [LoggerMessage(2, LogLevel.Warning, "The journal cannot be read ({Error}); the dispatcher waits.")]
        public static partial void Waiting(ILogger logger, string error);
    }
}
