using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.TakeDowntime;

/// <summary>
/// An interruption of a regime was announced, changed or withdrawn in Support: kept, so that each process closes the regime for as long as it
/// was said to be. Heard twice it is kept once; heard late it is below what came after.
/// </summary>
internal sealed partial class TakeDowntime(IDbContextFactory<RightsDb> contexts, RegimeRegistry registry, AnnouncedDowntimes announced, ILogger<TakeDowntime> log) : IConsumer<DowntimeAnnounced>
{
    public async Task Consume(ConsumeContext<DowntimeAnnounced> context)
    {
        var (said, cancellationToken) = (context.Message, context.CancellationToken);
        // Until nobody knows when, none is closed: it would not be asked again. Clerks read of it above the question.
        if (!RegimeId.Parse(said.Regime).TryGet(out var name, out _) || (said.To is null && said.Version == 1))
        {
            Log.ClosesNone(log, said.Announcement, said.Version);
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Without an end any more: nothing is closed until somebody says one.
        var (from, to, withdrawn) = (Kept(said.From), Kept(said.To ?? said.From), said.Withdrawn || said.To is null);
        var since = await db.AnnouncedDowntimes.AsNoTracking().Where(kept => kept.Announcement == said.Announcement && kept.Version >= said.Version).ToListAsync(cancellationToken);
        if (!since.Exists(kept => (kept.Regime, kept.From, kept.To, kept.Withdrawn) == (said.Regime, from, to, withdrawn)))
        {
            // Support says what holds. Where it was restored it counts its versions once more: what it says of one is then not what it said of it
            // before, and comes after all of that. Two processes that hear it at once: one is refused by the key, and tries again.
            db.AnnouncedDowntimes.Add(new AnnouncedDowntimeRow
            {
                Announcement = said.Announcement, Version = since.Exists(kept => kept.Version == said.Version) ? since.Max(kept => kept.Version) + 1 : said.Version,
                Regime = said.Regime, From = from, To = to, Withdrawn = withdrawn,
            });
            await db.SaveChangesAsync(cancellationToken);
        }

        await announced.LookAsync(cancellationToken);
        // Its registry may be of an older version than the hotline's: the row waits for the one that knows it.
        if (registry.Find(name) is null)
            Log.NotOurs(log, said.Announcement, said.Version);
        else
            Log.Kept(log, said.Announcement, said.Version, said.Regime);
    }

    // As PostgreSQL keeps it, in microseconds: it is compared with what was kept.
    private static DateTimeOffset Kept(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Version {Version} of announcement {Announcement} is kept for {Regime}.")]
        public static partial void Kept(ILogger logger, Guid announcement, int version, string regime);

        [LoggerMessage(2, LogLevel.Information, "Version {Version} of announcement {Announcement} closes no regime: it names none, or no end.")]
        public static partial void ClosesNone(ILogger logger, Guid announcement, int version);

        [LoggerMessage(3, LogLevel.Warning, "Version {Version} of announcement {Announcement} is of a regime that this registry does not know: kept until one does.")]
        public static partial void NotOurs(ILogger logger, Guid announcement, int version);
    }
}

internal sealed class TakeDowntimeDefinition : ConsumerDefinition<TakeDowntime>
{
    public TakeDowntimeDefinition() => EndpointName = "rights-take-downtime";
}
