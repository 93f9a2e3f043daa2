using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

/// <summary>A PostgreSQL of its own: it is killed.</summary>
public sealed class OutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_its_database_usage_says_that_it_is_unavailable_and_with_it_again_it_answers_without_a_restart()
    {
        await using var postgres = new PostgresServer();
        await postgres.StartAsync(Cancel);
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var rights = await RightsDouble.StartAsync();
        var database = await postgres.CreateDatabaseAsync("usage", Cancel);
        KeyValuePair<string, string?>[] settings =
        [
            .. sessions.Settings, new("Services:Rights", rights.Address), new("ConnectionStrings:Usage", database.Application), new("ConnectionStrings:UsageOwner", database.Owner),
        ];
        using var folder = new TestFolder("usage-migration");
        await using var migration = new ServiceProcess(
            Repository.Program("services/usage", "Cdr.Usage"), folder.File("log"), [.. settings, new("Data:Folder", folder.Path)]);
        await migration.RunAsync("migrate", Cancel);
        await using var host = new UsageHost(TimeProvider.System, settings);
        using var client = host.ClientOf(sessions.Mint(new TestCaller { Role = CdrRoles.Operations }));
        // Its connection is now one of the pool's.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));

        await postgres.KillAsync();
        // The first question finds the pool's broken connection, the second none at all.
        for (var question = 0; question < 2; question++)
        {
            using var refused = await client.GetAsync("/api/usage/daily", Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.Equal("unavailable", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
        }

        await postgres.StartAsync(Cancel);
        await Deadline.UntilAsync("usage answers again", TimeSpan.FromSeconds(60), async () => await StatusAsync(client) == HttpStatusCode.OK, Cancel);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/api/usage/daily", Cancel);
        return response.StatusCode;
    }
}
