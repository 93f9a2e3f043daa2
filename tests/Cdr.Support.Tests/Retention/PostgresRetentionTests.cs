using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Store;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Tests.Retention;

/// <summary>The same where the owner's role purges and the application's cannot.</summary>
public sealed class PostgresRetentionTests(TestServers servers) : RetentionTests
{
    private readonly TestFolder keys = new("support-retention-keys");

    [Fact]
    public async Task The_applications_role_removes_nothing_even_where_it_is_named()
    {
        await BeginAsync();
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await using var db = await OpenAsync();
        var entry = await db.Entries.AsNoTracking().SingleAsync(Cancel);
        db.Erased.Add(new ErasedRow { Id = entry.Id, Erasure = Guid.CreateVersion7(Clock.GetUtcNow()), Kind = ErasedKind.Entry, At = entry.At, Hash = [] });
        db.Erasures.Add(new ErasureRow { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Ticket = ticket.Id, Number = ticket.Number, Kind = ticket.Kind, State = TicketState.Closed, CreatedAt = ticket.CreatedAt, UpdatedAt = ticket.UpdatedAt, Policy = "tickets-36m", Until = ticket.CreatedAt, At = ticket.CreatedAt, Whole = true, Notices = 0 });
        await db.SaveChangesAsync(Cancel);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => db.Entries.ExecuteDeleteAsync(Cancel));
        Assert.Contains("entries is only ever added to", refused.Message, StringComparison.Ordinal);
        Assert.Contains("tickets is only ever added to", (await Assert.ThrowsAnyAsync<Exception>(() => db.Tickets.ExecuteDeleteAsync(Cancel))).Message, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override Task BeginAsync() => Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken);

    private protected override async ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("supportretention", Cancel);
        KeyRing.Create(keys.File("support.json"));
        return [new("ConnectionStrings:Support", database.Application), new("ConnectionStrings:SupportOwner", database.Owner), new("Keys:Support:File", keys.File("support.json"))];
    }
}
