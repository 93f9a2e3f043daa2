using System.Collections.Concurrent;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Notifications;

/// <summary>
/// Tells what the outbox holds, each message once at least, and removes it once the broker has it. It alone waits for the broker. Two
/// replicas may tell the same one: whoever hears it knows it by its id.
/// </summary>
internal sealed partial class Dispatcher(IDbContextFactory<SupportDb> contexts, IBus bus, OutboxBell bell, UnreadMessages unread, IOptions<SupportOptions> options, TimeProvider clock, ILogger<Dispatcher> log) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    // What nobody listens to yet, say a service that is older than the message: it waits, and what came after it does not wait with it.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> returned = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await TellAsync(stoppingToken) == AtOnce)
                {
                    // The rest at once.
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
            }

            await bell.WaitAsync(options.Value.TellEvery, clock, stoppingToken);
        }
    }

    internal async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Here, so that what this version cannot tell is in nobody's way.
        var known = Outbox.Known;
        var now = clock.GetUtcNow();
        foreach (var one in returned.Where(one => now - one.Value >= Pause))
            returned.TryRemove(one);
        List<Guid> left = [.. unread.Left(now), .. returned.Keys];
        var rows = await db.Outbox.AsNoTracking().Where(row => row.SetAsideAt == null && known.Contains(row.Type) && !left.Contains(row.Id)).OrderBy(row => row.Id).Take(AtOnce).ToListAsync(cancellationToken);
        if (rows.Count == 0)
            return 0;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PublishTimeout);
        var read = rows.ConvertAll(row => (Row: row, Message: Outbox.Read(row)));
        await SetAsideAsync(db, [.. read.Where(one => one.Message is null).Select(one => one.Row.Id).Where(id => unread.IsOld(id, clock.GetUtcNow()))], cancellationToken);
        var telling = read.Where(one => one.Message is not null).Select(one => (one.Row.Id, Told: bus.PublishAsync(one.Row, one.Message!, timeout.Token))).ToList();
        List<Guid> told = [];
        var back = 0;
        foreach (var (id, one) in telling)
        {
            try
            {
                await one;
                told.Add(id);
            }
            catch (MessageReturnedException e) when (!cancellationToken.IsCancellationRequested)
            {
                returned[id] = now;
                back++;
                Log.NotTold(log, id, e.GetType().Name);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.NotTold(log, id, e.GetType().Name);
            }
        }

        await db.Outbox.Where(row => told.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        return read.Count - telling.Count + told.Count + back;
    }

    private async Task SetAsideAsync(SupportDb db, List<Guid> old, CancellationToken cancellationToken)
    {
        if (old.Count == 0)
            return;
        var now = clock.GetUtcNow();
        await db.Outbox.Where(row => old.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.SetAsideAt, now), cancellationToken);
        foreach (var id in old)
            Log.SetAside(log, id);
    }

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Error, "Message {Message} cannot be read: it is set aside, and told to nobody.")]
        public static partial void SetAside(ILogger logger, Guid message);

        [LoggerMessage(1, LogLevel.Warning, "The outbox could not be told ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "Message {Message} is not told yet ({Error}); it will be.")]
        public static partial void NotTold(ILogger logger, Guid message, string error);
    }
}

/// <summary>Rung after a commit, so that what was written is told at once.</summary>
internal sealed class OutboxBell : IDisposable
{
    private readonly SemaphoreSlim rung = new(0, 1);

    public void Ring()
    {
        try
        {
            rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await rung.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or to stop.
        }
    }

    public void Dispose() => rung.Dispose();
}
