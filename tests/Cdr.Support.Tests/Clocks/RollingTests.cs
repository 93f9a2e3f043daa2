using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.WatchClocks;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Support.Tests.Clocks;

/// <summary>While two versions run side by side, and at each start.</summary>
public sealed class RollingTests : HostTests
{
    private WatchClocks Watch => Host.Services.GetServices<IHostedService>().OfType<WatchClocks>().Single();

    [Fact]
    public async Task A_trail_that_only_a_newer_version_reads_stops_its_own_clock_and_no_other()
    {
        await Referent.OpenAsync(Technical(), Cancel);
        await ByHandAsync(Watch);
        var unread = await Referent.OpenAsync(Technical(send: true), Cancel);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var other = await Referent.OpenAsync(Technical(send: true), Cancel);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await db.Database.ExecuteSqlRawAsync(
            "INSERT INTO entries SELECT {0}, \"Ticket\", 2, \"At\", \"Actor\", \"Role\", 'Future', \"From\", \"To\", \"Priority\", \"Readers\", \"Organism\", \"OrganismHours\", \"Detail\", NULL FROM (SELECT * FROM entries WHERE \"Ticket\" = {1} LIMIT 1)".Replace("entries SELECT", "entries (\"Id\", \"Ticket\", \"Number\", \"At\", \"Actor\", \"Role\", \"Action\", \"From\", \"To\", \"Priority\", \"Readers\", \"Organism\", \"OrganismHours\", \"Detail\", \"Text\") SELECT", StringComparison.Ordinal),
            [Guid.CreateVersion7(Clock.GetUtcNow()), unread.Id], Cancel);
        Pass(TimeSpan.FromHours(5));

        try
        {
            await Watch.RunOnceAsync(Cancel);
        }
        catch (InvalidOperationException)
        {
            // The other one rings all the same.
        }

        Assert.True(await db.Clocks.AsNoTracking().AnyAsync(row => row.Ticket == other.Id && row.Rang == 2, Cancel));
        Assert.False(await db.Clocks.AsNoTracking().AnyAsync(row => row.Ticket == unread.Id && row.Rang > 0, Cancel));
    }

    [Fact]
    public async Task A_start_makes_the_clocks_of_what_is_under_way_again_and_of_nothing_else()
    {
        var (open, over) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel));
        await ByHandAsync(Watch);
        await Referent.MoveAsync(over.Id, new TicketMove { Action = TicketAction.Withdraw, Text = "Par erreur." }, Cancel);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await db.Clocks.Where(row => row.Place == 0).ExecuteUpdateAsync(set => set.SetProperty(row => row.UsedMilliseconds, 77).SetProperty(row => row.MetAt, (DateTimeOffset?)null), Cancel);

        await ActivatorUtilities.CreateInstance<WatchClocks>(Host.Services).RunOnceAsync(Cancel);

        var used = await db.Clocks.AsNoTracking().Where(row => row.Place == 0).ToDictionaryAsync(row => row.Ticket, row => row.UsedMilliseconds, Cancel);
        Assert.Equal((0, 77), (used[open.Id], used[over.Id]));
    }
}
