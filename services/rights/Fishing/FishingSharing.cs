using System.Globalization;
using System.Text;
using Cdr.ServiceDefaults.SharedState;

namespace Cdr.Rights.Fishing;

/// <summary>
/// What processes tell one another of cards at work, each second, beside the questions: new marks go out as one text a card and hour, and
/// what the others wrote comes in. Marks are keyed hashes and expire after a day.
/// </summary>
internal sealed partial class FishingSharing : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // All of a house's cards in one text: read ten times less often.
    private const int EstablishmentEvery = 10;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(Window.Hours + 1);

    private readonly FishingGuard guard;
    private readonly ISharedState shared;
    private readonly TimeProvider clock;
    private readonly ILogger<FishingSharing> log;

    public FishingSharing(FishingGuard guard, ISharedState shared, TimeProvider clock, ILogger<FishingSharing> log)
    {
        (this.guard, this.shared, this.clock, this.log) = (guard, shared, clock, log);
        // Of a card that comes for the first time, at once: another process may have stopped it.
        guard.Began += watch => _ = ShareAsync(watch);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            for (var round = 1; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                await ShareAllAsync(round % EstablishmentEvery == 0);
                if (round % 600 == 0)
                    guard.Forget(clock.GetUtcNow() - Lifetime);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <summary>One round.</summary>
    internal async Task ShareAllAsync(bool establishmentsToo)
    {
        try
        {
            foreach (var some in guard.Cards.Concat(establishmentsToo ? guard.Establishments : []).Where(watch => watch.IsDirty).Chunk(64))
                await Task.WhenAll(some.Select(ShareAsync));
        }
        catch (Exception e)
        {
            Log.NotShared(log, e.GetType().Name);
        }
    }

    private async Task ShareAsync(Watch watch)
    {
        if (!watch.TryBeginSharing())
            return;
        try
        {
            var now = clock.GetUtcNow();
            var reading = watch.IsLoaded ? [Window.HourOf(now)] : Enumerable.Range(0, Window.Hours).Select(back => Window.HourOf(now) - back).ToArray();
            await StateAsync(watch);
            var era = watch.Era;
            foreach (var (hour, marks) in Take(watch))
                await shared.AddToSetAsync(SlotKey(watch, hour), marks, Lifetime, CancellationToken.None);
            var texts = await Task.WhenAll(reading.Select(hour => shared.ReadSetAsync(SlotKey(watch, hour), CancellationToken.None)));
            lock (watch.Gate)
            {
                foreach (var (hour, text) in reading.Zip(texts).SelectMany(one => one.Second.Select(text => (one.First, text))).Where(_ => watch.Era == era))
                    watch.Merge(hour, text);
            }

            watch.IsLoaded = true;
        }
        catch (SharedStateUnavailableException)
        {
            // This process's own counts guard on. What was not shared now is not shared later: the next marks are.
        }
        finally
        {
            watch.EndSharing();
        }
    }

    private static Dictionary<long, string> Take(Watch watch)
    {
        lock (watch.Gate)
            return watch.TakeUnshared();
    }

    /// <summary>Stopped, or lifted, elsewhere.</summary>
    private async Task StateAsync(Watch watch)
    {
        if (await shared.GetAsync(FishingCases.StateKey(watch.Key), CancellationToken.None) is not { } state
            || Encoding.ASCII.GetString(state).Split('|') is not [var what, var ticks, var sign, var era]
            || !long.TryParse(ticks, CultureInfo.InvariantCulture, out var at) || !long.TryParse(era, CultureInfo.InvariantCulture, out var lifted) || !int.TryParse(sign, CultureInfo.InvariantCulture, out var number))
            return;
        lock (watch.Gate)
        {
            watch.Lift(new DateTimeOffset(lifted, TimeSpan.Zero));
            if (what == "S")
                watch.Stop(new DateTimeOffset(at, TimeSpan.Zero), (Sign)number);
        }
    }

    /// <summary>Those of a lift's time are read no more.</summary>
    private static string SlotKey(Watch watch, long hour) => string.Create(CultureInfo.InvariantCulture, $"cdr:fishing:{watch.Key}:{watch.Era:x}:{hour}");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What was seen of cards at work is not shared ({Error}); this process guards alone.")]
        public static partial void NotShared(ILogger logger, string error);
    }
}
