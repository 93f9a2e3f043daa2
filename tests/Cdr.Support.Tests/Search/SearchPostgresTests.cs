using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Search;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Npgsql;

namespace Cdr.Support.Tests.Search;

/// <summary>What somebody who has the whole database, and not the keys, finds in it.</summary>
public sealed class SearchPostgresTests(TestServers servers) : SearchTests
{
    private readonly TestFolder keys = new("support-search-keys");
    private TestDatabase database = null!;

    [Fact]
    public async Task Neither_words_nor_their_hashes_stand_in_any_column()
    {
        const string Text = "Mme Zylberstein attend, le voyant clignote.";
        var ticket = await Referent.OpenAsync(Technical(send: true) with { Title = "Lecteur mutique", Text = Text }, Cancel);
        await IndexedAsync(ticket, 1);
        Assert.Equal([ticket.Id], await FoundAsync(Desk, "clignote zylberstein mutique"));

        var words = SearchText.Words(Text).Concat(SearchText.Words("Lecteur mutique")).Concat(["zylberstein", "clignote", "mutique", "Zylberstein"]).ToList();
        List<string> secrets = [.. words];
        foreach (var word in words.Select(Encoding.UTF8.GetBytes))
        {
#pragma warning disable CA5350, CA5351 // They protect nothing here: whether somebody used one is what is looked for.
            foreach (var hash in new[] { SHA256.HashData(word), SHA512.HashData(word), SHA1.HashData(word), MD5.HashData(word) })
#pragma warning restore CA5350, CA5351
                secrets.AddRange([Convert.ToHexStringLower(hash), Convert.ToHexStringLower(hash)[..16], Convert.ToBase64String(hash)]);
            secrets.Add(Convert.ToHexStringLower(word));
        }

        var rows = 0;
        await foreach (var row in EverythingAsync())
        {
            rows++;
            var stands = secrets.Find(secret => row.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.True(stands is null, $"« {stands} » stands in {row[..Math.Min(row.Length, 60)]}");
        }

        Assert.True(rows > 10);
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

    private protected override ValueTask PrepareAsync() => new(Host.Services.MigrateStoresAsync(TestContext.Current.CancellationToken));

    // Bytes are written in hexadecimal, as PostgreSQL does in text.
    private async IAsyncEnumerable<string> EverythingAsync()
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        List<string> tables = [];
        await using (var command = source.CreateCommand("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            while (await reader.ReadAsync(Cancel))
                tables.Add(reader.GetString(0));
        }

        Assert.Contains("search_tokens", tables);
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand($"SELECT t::text FROM public.{table} t");
            await using var reader = await command.ExecuteReaderAsync(Cancel);
            while (await reader.ReadAsync(Cancel))
                yield return $"{table} {reader.GetString(0)}";
        }
    }
}
