using System.Diagnostics;
using Cdr.Drawer.Pki;

namespace Cdr.Drawer;

/// <summary>Makes what Sessions needs before anything of the host starts, the cards after it, and new revocation lists once a day.</summary>
internal sealed partial class DrawerStart(DemoFolder folder, ILogger<DrawerStart> log) : BackgroundService, IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        folder.Prepare();
        Log.Ready(log, watch.ElapsedMilliseconds);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Run(() => folder.Fill(stoppingToken), stoppingToken);
            Log.Printed(log, Deck.Cards.Count);
            using var timer = new PeriodicTimer(TimeSpan.FromHours(24));
            while (await timer.WaitForNextTickAsync(stoppingToken))
                folder.Publish();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Drawer: open in {Milliseconds} ms.")]
        public static partial void Ready(ILogger logger, long milliseconds);

        [LoggerMessage(2, LogLevel.Information, "Drawer: all {Cards} demo cards are printed.")]
        public static partial void Printed(ILogger logger, int cards);
    }
}
