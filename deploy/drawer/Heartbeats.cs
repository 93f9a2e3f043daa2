using Cdr.Contracts.Sessions;
using Refit;

namespace Cdr.Drawer;

/// <summary>The drawer's cards stay inserted: it says so as often as Sessions wants to hear it.</summary>
internal sealed partial class Heartbeats(SoftwareAgent agent, [FromKeyedServices(DrawerModule.Client)] ISessionsApi sessions, ILogger<Heartbeats> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(agent.Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryBeatAsync(stoppingToken);
                timer.Period = agent.Heartbeat;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryBeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await agent.BeatAsync(sessions, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Silent(log, agent.Cards);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Drawer: Sessions did not hear of all {Cards} inserted cards; said again at the next heartbeat.")]
        public static partial void Silent(ILogger logger, int cards);
    }
}
