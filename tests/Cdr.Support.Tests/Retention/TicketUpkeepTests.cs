using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Retention;

public sealed class TicketUpkeepTests : HostTests
{
    [Fact]
    public async Task Where_the_service_is_told_to_it_purges_by_itself()
    {
        await Clerk.OpenAsync(Technical(), Cancel);
        var kept = await Clerk.OpenAsync(Technical(), Cancel);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            var old = Clock.GetUtcNow().AddMonths(-13);
            await db.Tickets.Where(row => row.Id != kept.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.UpdatedAt, old), Cancel);
        }

        Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(2, (await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets.Count);
        Clock.Advance(TimeSpan.FromMinutes(2));

        await Deadline.UntilAsync("what was never sent is gone", TimeSpan.FromSeconds(60), async () => (await Clerk.ListAsync(null, null, null, null, null, null, Cancel)).Tickets.Count == 1, Cancel);
    }

    private protected override ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync() => new([new("Support:Upkeep:Purge", "true")]);
}
