using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Stores;
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
        // As PostgreSQL keeps it, in microseconds.
        var saidAt = new DateTimeOffset(said.At.UtcTicks - said.At.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        db.AnnouncedDowntimes.Add(new AnnouncedDowntimeRow
        {
            // Without an end any more: nothing is closed until somebody says one.
            Announcement = said.Announcement, SaidAt = saidAt, Regime = said.Regime, From = said.From, To = said.To ?? said.From, Withdrawn = said.Withdrawn || said.To is null,
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            db.ChangeTracker.Clear();
            // Kept before, by this process or another; anything else is tried again.
            if (!await db.AnnouncedDowntimes.AnyAsync(row => row.Announcement == said.Announcement && row.SaidAt == saidAt, cancellationToken))
                throw;
        }

        await announced.LookAsync(cancellationToken);
        // Its registry may be of an older version than the hotline's: the row waits for the one that knows it.
        if (registry.Find(name) is null)
            Log.NotOurs(log, said.Announcement, said.Version);
        else
            Log.Kept(log, said.Announcement, said.Version, said.Regime);
    }

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
