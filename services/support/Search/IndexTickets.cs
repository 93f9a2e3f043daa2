using Cdr.Contracts.Support;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Search;

/// <summary>Indexes what was written, soon after.</summary>
internal sealed class IndexTickets(IDbContextFactory<SupportDb> contexts, SearchIndex index) : IConsumer<TicketMoved>
{
    public async Task Consume(ConsumeContext<TicketMoved> context)
    {
        await using var db = await contexts.CreateDbContextAsync(context.CancellationToken);
        // Two entries of one ticket at once: a key refuses one, which is retried and finds the other.
        await index.WriteAsync(db, context.Message.Ticket, context.CancellationToken);
    }
}

internal sealed class IndexTicketsDefinition : ConsumerDefinition<IndexTickets>
{
    public IndexTicketsDefinition() => EndpointName = "support-index-tickets";
}

/// <summary>Walks through all tickets and indexes those that are behind: those of before there was a search, and all when the key is a new one.</summary>
internal sealed partial class IndexBehind(IDbContextFactory<SupportDb> contexts, SearchIndex index, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<IndexBehind> log) : BackgroundService
{
    private const int AtOnce = 200;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Every, clock);
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
        var after = Guid.Empty;
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // By the key, a part at a time: no look goes over all of them.
            var part = await db.Tickets.Where(row => row.Id > after).OrderBy(row => row.Id).Take(AtOnce)
                .Select(row => new { row.Id, IsBehind = !db.SearchMarks.Any(mark => mark.Ticket == row.Id && mark.Entry >= row.Version && mark.Key == index.Key) }).ToListAsync(cancellationToken);
            if (part.Count == 0)
                return;
            foreach (var ticket in part.Where(one => one.IsBehind))
                await WriteAsync(ticket.Id, cancellationToken);
            after = part[^1].Id;
        }
    }

    private async Task WriteAsync(Guid ticket, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            await index.WriteAsync(db, ticket, cancellationToken);
        }
        catch (Exception e) when (e is DbUpdateException or InvalidDataException)
        {
            // Another replica was faster; or its words do not open, which whoever reads it is told.
            Log.Skipped(log, ticket, e.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Tickets could not be indexed ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Information, "Ticket {Ticket} was not indexed now ({Error}).")]
        public static partial void Skipped(ILogger logger, Guid ticket, string error);
    }
}
