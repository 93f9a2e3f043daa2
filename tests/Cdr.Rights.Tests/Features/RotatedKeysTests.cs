using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Statements;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Features;

/// <summary>A key of pseudonyms is followed by another, one process at a time, as docs/operations.md says: first known everywhere, then active.</summary>
public sealed class RotatedKeysTests : IAsyncLifetime
{
    private readonly TestFolder folder = new("rotated");
    private RightsWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        KeyRing.Create(folder.File("1.json"));
        world = await RightsWorld.WithoutHostAsync(new WorldSetup());
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Before, between and after: whichever two serve at one moment.</summary>
    [Theory]
    [InlineData(new[] { 1 }, new[] { 2, 1 })]
    [InlineData(new[] { 2, 1 }, new[] { 1 })]
    [InlineData(new[] { 2, 1 }, new[] { 1, 2 })]
    [InlineData(new[] { 1, 2 }, new[] { 2, 1 })]
    public async Task One_key_is_one_file_and_one_answer_has_one_code(int[] first, int[] second)
    {
        var (one, other) = (await StartAsync(first), await StartAsync(second));
        var nir = world.Regimes.People.Case("cnam").Nir;
        var file = Harness.Batches.Json([new { nir, regime = "cnam", reason = "emergency" }]);

        var sent = await one.UploadAsync(file, key: "facture-1").ProgressAsync();
        var again = await other.UploadAsync(file, key: "facture-1").ProgressAsync();

        Assert.Equal(sent.Id, again.Id);
        await using var db = one.Journal();
        Assert.Equal(1, await db.BatchFiles.CountAsync(Cancellation));
        var answer = await one.AskAsync(new { nir, regime = "cnam", reason = "emergency" }).AnswerAsync();
        Assert.Equal(await CodeAsync(one, answer.Id), await CodeAsync(other, answer.Id));
        Assert.Equal(1, await db.Statements.CountAsync(Cancellation));
    }

    /// <summary>Two processes that made it at one moment, each under its own active key: the first that was made is the code, for both.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_two_codes_that_were_made_at_one_moment_the_first_is_the_answers(int earlier)
    {
        var (one, other) = (await StartAsync([2, 1]), await StartAsync([1, 2]));
        var (id, at) = (Records.NewId(), TimeProvider.System.GetUtcNow());
        await using var db = one.Journal();
        foreach (var key in new[] { 1, 2 })
        {
            var code = VerificationCode.Of(new Pseudonyms(KeyRing.Load(Ring([key]), createMissing: false)).Of("statement-code", id.ToString("N")));
            db.Statements.Add(new StatementRow { CodeHash = SHA256.HashData(System.Text.Encoding.ASCII.GetBytes("cdr-statement-1:" + code.Letters)), AnsweredAt = at, MadeAt = at.AddSeconds(key == earlier ? 0 : 1) });
        }

        await db.SaveChangesAsync(Cancellation);

        var found = await Task.WhenAll(new[] { one, other }.Select(host => host.Services.GetRequiredService<StatementCodes>().FindAsync(id, Cancellation)));

        Assert.All(found, made => Assert.Equal(at, made!.Row.MadeAt, TimeSpan.FromMilliseconds(1)));
        Assert.Equal(found[0]!.Code.Letters, found[1]!.Code.Letters);
    }

    private static async Task<string> CodeAsync(RightsHost host, Guid consultation)
    {
        using var response = await host.SendAsync(host.Request(HttpMethod.Post, $"/api/consultations/{consultation}/statements"));
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["code"]!.GetValue<string>();
    }

    private Task<RightsHost> StartAsync(int[] keys) => world.StartHostAsync(new Dictionary<string, string?> { ["Keys:Rights:File"] = Ring(keys) });

    /// <summary>The first ring with these keys of pseudonyms, the active one last.</summary>
    private string Ring(int[] keys)
    {
        var ring = JsonNode.Parse(File.ReadAllText(folder.File("1.json")))!.AsObject();
        var first = ring["pseudonym"]![0]!.DeepClone();
        var name = folder.File($"ring-{string.Join('-', keys)}.json");
        ring["pseudonym"] = new JsonArray([.. keys.Select(id => id == 1 ? first.DeepClone() : new JsonObject { ["id"] = id, ["key"] = Convert.ToBase64String(SHA256.HashData([(byte)id])) })]);
        File.WriteAllText(name, ring.ToJsonString());
        return name;
    }
}
