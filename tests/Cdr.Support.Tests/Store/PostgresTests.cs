using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Npgsql;

namespace Cdr.Support.Tests.Store;

/// <summary>The same on the store of an installation: migrated by its owner, used by a role that may do less.</summary>
public sealed class PostgresTests(TestServers servers) : HostTests
{
    private readonly TestFolder keys = new("support-keys");
    private TestDatabase database = null!;

    [Fact]
    public async Task From_the_clerk_to_the_organism_and_nobody_changes_what_was_done()
    {
        await Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken);
        var first = await Referent.OpenAsync(Technical(send: true), Cancel);
        // Ids of one millisecond have no order.
        Clock.Advance(TimeSpan.FromSeconds(1));
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Dossier mis à jour.");
        using var evidence = await Clerk.EvidenceAsync(ticket.Id, Cancel);
        Assert.True(evidence.IsSuccessStatusCode);

        var page = await Hotline.ListAsync(null, null, null, null, null, 1, Cancel);
        Assert.Equal([ticket.Id], page.Tickets.Select(line => line.Id));
        Assert.Equal([first.Id], (await Hotline.ListAsync(null, null, null, null, page.Next, 1, Cancel)).Tickets.Select(line => line.Id));
        await Deadline.UntilAsync("bells rang", TimeSpan.FromSeconds(60), async () => (await Clerk.NoticesAsync(Cancel)).Any(notice => notice.Event == "answer"), Cancel);

        foreach (var table in new[] { "entries", "evidence", "evidence_reads", "attachments", "clock_rules", "organism_tables", "organisms", "causes", "templates" })
        {
            foreach (var change in new[] { $"DELETE FROM {table}", $"TRUNCATE {table}" })
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(change));
                Assert.Contains("only ever added to", refused.MessageText, StringComparison.Ordinal);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync()
    {
        database = await (await servers.PostgresAsync()).CreateDatabaseAsync("support", Cancel);
        KeyRing.Create(keys.File("support.json"));
        return [new("ConnectionStrings:Support", database.Application), new("ConnectionStrings:SupportOwner", database.Owner), new("Keys:Support:File", keys.File("support.json"))];
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
