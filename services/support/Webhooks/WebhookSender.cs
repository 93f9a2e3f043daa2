using System.Diagnostics;
using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Webhooks;

/// <summary>
/// Tells programs what is due. Claimed as e-mail is: the next try is written before this one, so that whoever dies leaves it due. What does
/// not arrive within a day has failed; a program that takes nothing for three days, the last of them tried through, is left alone, and its owner told.
/// </summary>
internal sealed partial class WebhookSender(
    IDbContextFactory<SupportDb> contexts, WebhookClient client, WebhookBook book, WebhookMeter meter, WebhookBell bell, IHostApplicationLifetime lifetime, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookSender> log)
    : BackgroundService
{
    /// <summary>As bells and pages know it.</summary>
    public const string DisabledEvent = "webhookDisabled";

    private const int AtOnce = 100;
    private const int Together = 8;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GivenUp = TimeSpan.FromHours(24);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromDays(3);
    private static readonly TimeSpan[] Patience = [.. new[] { 1, 5, 15, 60, 120, 240 }.Select(minutes => TimeSpan.FromMinutes(minutes))];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
            }

            await bell.WaitAsync(options.Value.TellEvery, clock, stoppingToken);
        }
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // Of each program some, so that nobody's hundreds hide another's one; programs are few.
        var programs = await db.Deliveries.Where(row => row.DueAt <= now).Select(row => row.Webhook).Distinct().ToListAsync(cancellationToken);
        // One program's silence does not hold up the others; its own are told one after another.
        await Parallel.ForEachAsync(programs, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken }, async (program, cancel) =>
        {
            try
            {
                await TellProgramAsync(program, now, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
            }
        });
    }

    private async Task TellProgramAsync(Guid program, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var due = await db.Deliveries.AsNoTracking().Where(row => row.Webhook == program && row.DueAt <= now).OrderBy(row => row.DueAt).ThenBy(row => row.Id).Take(AtOnce).ToListAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        foreach (var row in due)
        {
            // The others' next look waits for the slowest of this one.
            if (watch.Elapsed > Budget || !await TellAsync(row, cancellationToken))
                break;
        }
    }

    // False: the same program is not asked again in this look.
    private async Task<bool> TellAsync(DeliveryRow row, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (now, seen) = (clock.GetUtcNow(), row.DueAt);
        var next = now + Patience[Math.Min(row.Attempts, Patience.Length - 1)];
        if (await db.Deliveries.Where(one => one.Id == row.Id && one.DueAt == seen && one.Attempts == row.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, next).SetProperty(one => one.Attempts, row.Attempts + 1), cancellationToken) == 0)
            return false;
        if (await db.Webhooks.FirstOrDefaultAsync(one => one.Id == row.Webhook, cancellationToken) is not { } webhook)
        {
            // Told of while it was being removed.
            await db.Deliveries.Where(one => one.Webhook == row.Webhook).ExecuteDeleteAsync(cancellationToken);
            return false;
        }

        var delivery = await db.Deliveries.FirstAsync(one => one.Id == row.Id, cancellationToken);
        if (webhook.DisabledAt is not null || !book.TryOpen(webhook, out var url, out var secret))
        {
            (delivery.State, delivery.DueAt, delivery.Fault) = (DeliveryState.Failed, null, webhook.DisabledAt is null ? "unreadable" : "disabled");
            await db.SaveChangesAsync(cancellationToken);
            meter.Count("failed");
            return true;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookBody(row.Id, row.Ticket, row.Number, row.Event, row.TicketState, row.At), JsonSerializerOptions.Web);
        var (status, fault) = await client.TellAsync(new Uri(url), secret, row.Id, body, now, cancellationToken);
        (delivery.Status, delivery.Fault) = (status, fault);
        var isTaken = status is >= 200 and < 300;
        if (isTaken)
        {
            (delivery.State, delivery.DueAt, webhook.FailingSince) = (DeliveryState.Delivered, null, null);
        }
        else
        {
            webhook.FailingSince ??= now;
            if (next - delivery.Since > GivenUp)
            {
                (delivery.State, delivery.DueAt) = (DeliveryState.Failed, null);
                // Not after one try, however long it had to wait for it: between a failure of Monday and one of Friday nothing may have been told.
                if (row.Attempts > 0 && now - webhook.FailingSince >= LeftAlone)
                    LeaveAlone(db, webhook, now);
            }
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Removed while it was told.
            return false;
        }

        // Its others are as old as this one, and would be tried first again in a moment.
        if (!isTaken)
            await db.Deliveries.Where(one => one.Webhook == row.Webhook && one.DueAt <= now).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, next), cancellationToken);
        meter.Count(isTaken ? "delivered" : delivery.State == DeliveryState.Failed ? "failed" : "later");
        if (!isTaken)
            Log.NotTold(log, row.Id, status ?? 0, fault ?? "");
        return isTaken;
    }

    private void LeaveAlone(SupportDb db, WebhookRow webhook, DateTimeOffset now)
    {
        webhook.DisabledAt = now;
        db.Notices.Add(new NoticeRow { Id = Guid.CreateVersion7(now), Message = Guid.CreateVersion7(now), Recipient = webhook.CreatedBy, Ticket = webhook.Id, Number = "", Event = DisabledEvent, At = now });
        Log.LeftAlone(log, webhook.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Webhooks could not be looked at ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Information, "Delivery {Delivery} did not arrive (status {Status}, {Fault}).")]
        public static partial void NotTold(ILogger logger, Guid delivery, int status, string fault);

        [LoggerMessage(3, LogLevel.Warning, "Webhook {Webhook} took nothing for three days: it is disabled, and its owner told.")]
        public static partial void LeftAlone(ILogger logger, Guid webhook);
    }
}
