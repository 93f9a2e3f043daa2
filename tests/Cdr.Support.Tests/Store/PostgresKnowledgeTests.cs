using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Knowledge;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Npgsql;
using Refit;

namespace Cdr.Support.Tests.Store;

/// <summary>Articles, announcements and incidents on the store of an installation: its own full text, its own triggers.</summary>
public sealed class PostgresKnowledgeTests(TestServers servers) : HostTests
{
    private readonly TestFolder keys = new("support-keys");
    private TestDatabase database = null!;

    [Fact]
    public async Task Articles_are_found_by_the_index_and_nobody_changes_what_was_said()
    {
        await Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken);
        var knowledge = Of<IKnowledgeApi>(CdrRoles.Hotline);
        await Deadline.UntilAsync("the first articles are there", TimeSpan.FromSeconds(60), async () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(5));
            return (await knowledge.ListAsync(Cancel)).Count >= ShippedArticles.All.Count;
        }, Cancel);

        foreach (var (words, title) in new[] { ("carte bloquée", "bloqué"), ("LECTEURS", "lecteur"), ("medecin traitant papier", "médecin traitant"), ("c2s", "C2S"), ("l’attestation diffère, où signaler ?", "attestation") })
            Assert.Contains(title, (await knowledge.SearchAsync(new ArticleSearch(words), Cancel))[0].Title, StringComparison.OrdinalIgnoreCase);
        foreach (var words in new[] { "zzyzx", "de la le", "carte zzyzx", "& | ! ( : * '" })
            Assert.Empty(await knowledge.SearchAsync(new ArticleSearch(words), Cancel));
        Assert.Contains("lecteur", (await knowledge.SuggestAsync(new ArticleHint { Kind = TicketKind.Technical, Title = "Le lecteur ne répond plus" }, Cancel))[0].Title, StringComparison.Ordinal);
        Assert.Contains("articles_words", await PlanAsync(), StringComparison.Ordinal);

        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await Of<IInformationApi>(CdrRoles.Hotline).AnnounceAsync(new AnnouncementText { Kind = AnnouncementKind.News, Title = "Une", Markdown = "Un texte." }, Cancel);
        Assert.Single((await Of<IInformationApi>(CdrRoles.Clerk).ReadAsync(Cancel)).Announcements);
        var incident = await Of<IIncidentsApi>(CdrRoles.Hotline).OpenAsync(new IncidentRequest { Title = "Panne", Text = "Nous cherchons.", Tickets = [ticket.Id] }, Cancel);
        Assert.Equal([ticket.Id], incident.Tickets!.Select(one => one.Id));
        Assert.Single((await Of<IInformationApi>(CdrRoles.Clerk).ReadAsync(Cancel)).Incidents);

        foreach (var table in new[] { "article_versions", "article_acts", "announcement_versions", "incident_notes", "incident_acts" })
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

    private T Of<T>(string role) => RestService.ForGenerated<T>(Host.ClientOf(Token(role, role + "-1")), new RefitSettings());

    // A dozen rows are read faster without an index: it is asked whether the search's own expression could use it.
    private async Task<string> PlanAsync()
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand("SET enable_seqscan = off; EXPLAIN SELECT 1 FROM articles WHERE to_tsvector('french', \"Words\") @@ to_tsquery('french', 'lecteur:*')", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var plan = "";
        while (await reader.ReadAsync(Cancel))
            plan += reader.GetString(0) + "\n";
        return plan;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
