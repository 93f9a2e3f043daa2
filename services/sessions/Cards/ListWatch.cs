using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>How old the revocation lists are: what operations see and are warned of before cards are refused and sessions end for it.</summary>
internal sealed partial class ListWatch : IHealthCheck
{
    private readonly TrustStore store;
    private readonly IOptions<TrustOptions> options;
    private readonly TimeProvider clock;
    private readonly ILogger<ListWatch> log;
    private readonly ConcurrentDictionary<string, ListState> told = new(StringComparer.Ordinal);

    public ListWatch(TrustStore store, IOptions<TrustOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<ListWatch> log)
    {
        (this.store, this.options, this.clock, this.log) = (store, options, clock, log);
        var meter = meters.Create("Cdr.Sessions");
        meter.CreateObservableGauge("cdr.sessions.revocation_list.age", () => Measured(one => one.Age), "s", "Age of the oldest revocation list in force, by authority.");
        meter.CreateObservableGauge("cdr.sessions.revocation_list.left", () => Measured(one => one.Left), "s", "Until that authority's cards open nothing and its sessions get no token: its list's end and the grace; 0 where it has none.");
    }

    /// <summary>Degraded while no card can be verified, or will not be unless a list comes: the sessions that are open go on.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (store.Current() is not { } trust || trust.Pinnings.Count == 0)
            return Task.FromResult(HealthCheckResult.Degraded("nothing is trusted"));
        var bad = Look(trust).Where(one => one.State != ListState.InTime).Select(one => one.State == ListState.Late
            ? $"the revocation list of {one.Name} is late: in {one.Left:d\\.hh\\:mm\\:ss} none of its cards opens anything, and its sessions get no token"
            : $"there is no revocation list of {one.Name} to believe: no card of it opens anything").ToList();
        return Task.FromResult(bad.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", bad)));
    }

    /// <summary>Says what changed since it was asked last.</summary>
    public void Tell(Trust trust)
    {
        foreach (var one in Look(trust))
        {
            if (told.GetValueOrDefault(one.Id) == one.State)
                continue;
            told[one.Id] = one.State;
            switch (one.State)
            {
                case ListState.InTime:
                    Log.InTime(log, one.Name);
                    break;
                case ListState.Late:
                    Log.Late(log, one.Name, one.Left);
                    break;
                default:
                    Log.Ended(log, one.Name);
                    break;
            }
        }
    }

    private IEnumerable<Seen> Look(Trust trust)
    {
        var now = clock.GetUtcNow();
        var roots = trust.Pinnings.Select(one => one.RootId).ToHashSet(StringComparer.Ordinal);
        foreach (var authority in trust.Authorities)
        {
            var id = Trust.IdOf(authority);
            var lists = trust.ListsFor(id, roots.Contains(id), now);
            if (lists.Count == 0)
            {
                yield return new Seen(id, NameOf(authority), ListState.Ended, TimeSpan.Zero, TimeSpan.Zero);
                continue;
            }

            var end = lists.Min(list => list.NextUpdate);
            var left = end + options.Value.ListGrace - now;
            yield return new Seen(
                id, NameOf(authority), left < TimeSpan.Zero ? ListState.Ended : end < now ? ListState.Late : ListState.InTime, now - lists.Min(list => list.ThisUpdate), left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private IEnumerable<Measurement<double>> Measured(Func<Seen, TimeSpan> what) =>
        store.Current() is { } trust
            ? Look(trust).Select(one => new Measurement<double>(what(one).TotalSeconds, new KeyValuePair<string, object?>("authority", one.Name), new KeyValuePair<string, object?>("certificate", one.Id[..8])))
            : [];

    private static string NameOf(X509Certificate2 authority)
    {
        try
        {
            return new SubjectAttributes(authority.SubjectName.RawData).Number ?? "?";
        }
        catch (AsnContentException)
        {
            return "?";
        }
    }

    private sealed record Seen(string Id, string Name, ListState State, TimeSpan Age, TimeSpan Left);

    private enum ListState
    {
        Unknown,
        InTime,

        /// <summary>Past its own end: the grace runs.</summary>
        Late,

        /// <summary>Or none at all.</summary>
        Ended,
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The revocation list of {Authority} is in time.")]
        public static partial void InTime(ILogger logger, string authority);

        [LoggerMessage(2, LogLevel.Warning, "The revocation list of {Authority} is late: unless a new one comes in {Left}, none of its cards opens anything and its live sessions end.")]
        public static partial void Late(ILogger logger, string authority, TimeSpan left);

        [LoggerMessage(3, LogLevel.Error, "There is no revocation list of {Authority} to believe: none of its cards opens anything, and its live sessions end.")]
        public static partial void Ended(ILogger logger, string authority);
    }
}
