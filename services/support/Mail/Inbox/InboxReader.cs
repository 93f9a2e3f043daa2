using Cdr.Support.Features.TakeReply;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Mail.Inbox;

/// <summary>Looks at the mailbox from time to time. Two replicas may look at once: what one did, the other finds done.</summary>
internal sealed partial class InboxReader(IInbox inbox, TakeReply replies, InboxMeter meter, IHostApplicationLifetime lifetime, IOptions<InboxOptions> options, TimeProvider clock, ILogger<InboxReader> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsOn)
            return;
        meter.Begin();
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Every, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await inbox.LookAsync(ShowAsync, cancellationToken);
        meter.Looked();
    }

    private async Task<InboxVerdict> ShowAsync(byte[]? raw, CancellationToken cancellationToken)
    {
        try
        {
            var (verdict, outcome) = await replies.TakeAsync(raw, cancellationToken);
            meter.Count(outcome);
            if (verdict == InboxVerdict.Aside)
                Log.Aside(log, outcome);
            return verdict;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The store, or the scanner: the next one may have more luck, and this one later.
            Log.NotYet(log, e.GetType().Name);
            return InboxVerdict.Later;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The mailbox of answers could not be looked at ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "A message of the mailbox is not taken yet ({Error}); it will be.")]
        public static partial void NotYet(ILogger logger, string error);

        [LoggerMessage(3, LogLevel.Information, "A message of the mailbox is set aside ({Reason}).")]
        public static partial void Aside(ILogger logger, string reason);
    }
}
