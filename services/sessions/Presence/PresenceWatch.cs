using System.Globalization;
using System.Text;
using Cdr.ServiceDefaults.SharedState;

namespace Cdr.Sessions.Presence;

/// <summary>
/// Since when heartbeats have been heard without a break. The shared state forgets: where it, or all of Sessions, was away, nobody's
/// silence before its return counts against them.
/// </summary>
internal sealed partial class PresenceWatch(ISharedState shared, TimeProvider clock, ILogger<PresenceWatch> log) : BackgroundService
{
    private const string Key = "cdr:presence:watch";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);

    /// <exception cref="SharedStateUnavailableException">Nobody can say.</exception>
    public async Task<DateTimeOffset> SinceAsync(CancellationToken cancellationToken)
    {
        if (await shared.GetAsync(Key, cancellationToken) is { } known && long.TryParse(Encoding.ASCII.GetString(known), NumberStyles.None, CultureInfo.InvariantCulture, out var since))
            return DateTimeOffset.FromUnixTimeMilliseconds(since);
        var now = clock.GetUtcNow();
        await shared.TryAddAsync(Key, Bytes(now), Break, cancellationToken);
        return now;
    }

    /// <summary>Says that the watch goes on.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await shared.SetAsync(Key, Bytes(await SinceAsync(cancellationToken)), Break, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            Log.Silent(log);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
                await RoundAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private static byte[] Bytes(DateTimeOffset instant) => Encoding.ASCII.GetBytes(instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The shared state is silent: heartbeats are not heard, and nobody is thought gone for it.")]
        public static partial void Silent(ILogger logger);
    }
}
