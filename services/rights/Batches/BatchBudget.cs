using System.Collections.Frozen;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Batches;

/// <summary>
/// What batches may take of each regime: a part of its limits, waited for before anything is held that an interactive question could
/// wait for. The machine's clock: it is about load.
/// </summary>
internal sealed class BatchBudget
{
    private readonly FrozenDictionary<RegimeId, Place> places;
    private readonly Pace lines;

    public BatchBudget(RegimeRegistry registry, IOptions<BatchOptions> options)
    {
        var share = options.Value.ShareOfLimits;
        lines = new Pace(options.Value.PerSecond);
        places = registry.Rows.ToFrozenDictionary(
            row => row.Id,
            row => new Place(Math.Max(1, (int)(row.Limits.Concurrency * share)), row.Limits.PerSecond is { } rate ? rate * share : double.PositiveInfinity));
    }

    /// <summary>Returns when the next line may begin.</summary>
    public Task NextLineAsync(CancellationToken cancellationToken) => Task.Delay(lines.Next(TimeSpan.MaxValue)!.Value, TimeProvider.System, cancellationToken);

    /// <summary>Waits for a place at a regime; disposed, it is free again.</summary>
    /// <returns>Null when none is free in time: its number at once and its pace have one deadline.</returns>
    public async Task<IDisposable?> EnterAsync(RegimeRow regime, TimeSpan within)
    {
        var (place, began) = (places[regime.Id], TimeProvider.System.GetTimestamp());
        if (!await place.AtOnce.WaitAsync(within))
            return null;
        var taken = new Taken(place.AtOnce);
        if (place.Pace.Next(within - TimeProvider.System.GetElapsedTime(began)) is not { } pause)
        {
            taken.Dispose();
            return null;
        }

        await Task.Delay(pause);
        return taken;
    }

    private sealed class Place(int atOnce, double perSecond)
    {
        public SemaphoreSlim AtOnce { get; } = new(atOnce, atOnce);

        public Pace Pace { get; } = new(perSecond);
    }

    /// <summary>One after the other, so many a second; without bursts.</summary>
    private sealed class Pace(double perSecond)
    {
        private readonly Lock gate = new();
        private readonly TimeSpan step = double.IsPositiveInfinity(perSecond) ? TimeSpan.Zero : TimeSpan.FromSeconds(1 / perSecond);
        private DateTimeOffset free;

        /// <summary>Null where the next turn is later: none is taken then, and whoever comes after waits no longer for it.</summary>
        public TimeSpan? Next(TimeSpan within)
        {
            lock (gate)
            {
                var now = TimeProvider.System.GetUtcNow();
                var at = free > now ? free : now;
                if (at - now > within)
                    return null;
                free = at + step;
                return at - now;
            }
        }
    }

    private sealed class Taken(SemaphoreSlim atOnce) : IDisposable
    {
        private int isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isFree, 1) == 0)
                atOnce.Release();
        }
    }
}
