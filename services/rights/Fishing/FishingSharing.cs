using System.Globalization;
using System.Text;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;

namespace Cdr.Rights.Fishing;

/// <summary>
/// What processes tell one another of cards at work, each second, beside the questions: new marks go out as one text a card and hour, and
/// what was written since the last time comes in. Each text is sealed: marks of one stem side by side would tell how far apart their numbers are. All expires after a day.
/// </summary>
internal sealed partial class FishingSharing : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // All of a house's cards in one text: read ten times less often.
    private const int EstablishmentEvery = 10;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(Window.Hours + 1);

    private const string Purpose = "fishing";

    private readonly FishingGuard guard;
    private readonly FishingCases cases;
    private readonly Sealer sealer;
    private readonly ISharedState shared;
    private readonly TimeProvider clock;
    private readonly ILogger<FishingSharing> log;

    public FishingSharing(FishingGuard guard, FishingCases cases, [FromKeyedServices(RightsModule.Name)] Sealer sealer, ISharedState shared, TimeProvider clock, ILogger<FishingSharing> log)
    {
        (this.guard, this.cases, this.sealer, this.shared, this.clock, this.log) = (guard, cases, sealer, shared, clock, log);
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
                if (round % EstablishmentEvery == 0)
                    await cases.WriteAgainAsync();
                if (round % 600 == 0)
                    guard.Forget(clock.GetUtcNow() - Lifetime);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops, and the journal's writer after this.
            await cases.WriteAgainAsync();
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
            // All since it was last read; and the hour before, whose last second is told in the next one.
            var now = Window.HourOf(clock.GetUtcNow());
            var reading = Enumerable.Range(0, (int)Math.Clamp(now - (watch.LoadedAt ?? 0) + 2, 2, Window.Hours)).Select(back => now - back).ToArray();
            await StateAsync(watch);
            var era = watch.Era;
            foreach (var (hour, marks) in Take(watch))
                await shared.AddToListAsync(SlotKey(watch, hour), Seal(SlotKey(watch, hour), marks), Lifetime, CancellationToken.None);
            var told = await Task.WhenAll(reading.Select(hour => shared.ReadListAsync(SlotKey(watch, hour), From(watch, hour), CancellationToken.None)));
            lock (watch.Gate)
            {
                foreach (var (hour, (texts, next)) in watch.Era == era ? reading.Zip(told) : [])
                {
                    foreach (var text in texts)
                        watch.Merge(hour, Open(SlotKey(watch, hour), text));
                    watch.NoteRead(hour, next);
                }
            }

            watch.LoadedAt = now;
        }
        catch (SharedStateUnavailableException)
        {
            // This process's own counts guard on. What was not shared now is not shared later: the next marks are. But of a card that is
            // new here others may have said that it is stopped: that is looked for again in a second, asked or not.
            watch.IsDirty |= watch.LoadedAt is null;
        }
        finally
        {
            watch.EndSharing();
        }
    }

    private string Seal(string key, string marks) => Convert.ToBase64String(sealer.Seal(Purpose, Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(marks)));

    // What a key that is gone sealed, or one that is not here yet, is not known.
    private string Open(string key, string text)
    {
        var box = new byte[text.Length];
        return Convert.TryFromBase64String(text, box, out var length) && sealer.TryOpen(Purpose, Encoding.ASCII.GetBytes(key), box.AsSpan(0, length), out var marks) ? Encoding.ASCII.GetString(marks) : "";
    }

    private static long From(Watch watch, long hour)
    {
        lock (watch.Gate)
            return watch.ReadUpTo(hour);
    }

    private static Dictionary<long, string> Take(Watch watch)
    {
        lock (watch.Gate)
            return watch.TakeUnshared();
    }

    /// <summary>Stopped, or lifted, elsewhere.</summary>
    private async Task StateAsync(Watch watch)
    {
        var ofFiles = watch.SendsFiles || watch.LoadedAt is null ? shared.GetAsync(FishingCases.FilesStopKey(watch.Key), CancellationToken.None) : Task.FromResult<byte[]?>(null);
        var (stopped, lifted) = await shared.GetTwoAsync(FishingCases.StopKey(watch.Key), FishingCases.LiftKey(watch.Key), CancellationToken.None);
        var files = await ofFiles;
        lock (watch.Gate)
        {
            if (Words(lifted) is [var at] && Ticks(at) is { } lift)
                watch.Lift(lift);
            // A stop that was lifted meanwhile, or by a process that has not heard of the lift, is none.
            if (Words(stopped) is [var until, var sign, var emergencies, var era] && Ticks(until) is { } end && Ticks(era) is { } since && int.TryParse(sign, CultureInfo.InvariantCulture, out var number) && since.UtcTicks >= watch.Era)
                watch.Stop(end, (Sign)number, emergencies == "1");
            if (Words(files) is [var filesUntil, var filesEra] && Ticks(filesUntil) is { } filesEnd && Ticks(filesEra) is { } filesSince && filesSince.UtcTicks >= watch.Era)
                watch.StopFiles(filesEnd);
        }
    }

    private static string[] Words(byte[]? state) => state is null ? [] : Encoding.ASCII.GetString(state).Split('|');

    private static DateTimeOffset? Ticks(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Those of a lift's time are read no more.</summary>
    private static string SlotKey(Watch watch, long hour) => string.Create(CultureInfo.InvariantCulture, $"cdr:fishing:marks:{watch.Key}:{watch.Era:x}:{hour}");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What was seen of cards at work is not shared ({Error}); this process guards alone.")]
        public static partial void NotShared(ILogger logger, string error);
    }
}
