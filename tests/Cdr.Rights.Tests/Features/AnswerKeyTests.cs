using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Features;

/// <summary>Data keys are changed one process at a time: what one has sealed the next cannot open yet. That is no damage.</summary>
public sealed class AnswerKeyTests : IAsyncLifetime
{
    private static readonly TestCaller Support = new() { Kind = SubjectKinds.Service, Subject = "support", Role = null, Session = null, Finess = null };
    private readonly TestFolder folder = new("answer-key");
    private readonly Overheard overheard = new();
    private RightsWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        KeyRing.Create(folder.File("1.json"));
        world = await RightsWorld.WithoutHostAsync(new WorldSetup { Logs = overheard });
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        overheard.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task An_answer_whose_key_is_not_here_yet_is_no_damage_to_whoever_keeps_its_proof()
    {
        var (behind, ahead) = (await StartAsync(1), await StartAsync(1, 2));
        var answer = await ahead.AskAsync(Question(Records.NewId())).AnswerAsync();

        var problem = await ProofAsync(behind, answer.Id).ProblemAsync();

        Assert.Equal((500, "answer-not-opened"), (problem.Status, problem.Code));
        Assert.Equal("answer-not-opened", (await behind.GetAsync($"/api/consultations/{answer.Id}").ProblemAsync()).Code);
        Assert.DoesNotContain("what was signed", overheard.Text(), StringComparison.Ordinal);
        using var proven = await ProofAsync(ahead, answer.Id);
        var proof = JsonSerializer.Deserialize<AnswerProof>(await proven.BytesAsync(), JsonSerializerOptions.Web)!;
        Assert.Null(ProofCheck.Fault(proof, VerificationKeys.Of(ahead.Services.GetRequiredKeyedService<KeyRing>("Rights"))));
    }

    [Theory]
    [InlineData("the answer")]
    [InlineData("the answer and its hash")]
    [InlineData("the answer is gone")]
    public async Task An_answer_that_was_changed_is_damage_at_every_door(string what)
    {
        var host = await StartAsync(1);
        var question = Question(Records.NewId());
        var answer = await host.AskAsync(question).AnswerAsync();
        using (var made = await host.SendAsync(host.Request(HttpMethod.Post, $"/api/consultations/{answer.Id}/statements")))
            Assert.Equal(201, (int)made.StatusCode);
        await using var db = host.Journal();
        var stored = db.Records.Where(r => r.Id == answer.Id);
        Assert.Equal(1, what switch
        {
            "the answer" => await stored.ExecuteUpdateAsync(set => set.SetProperty(r => r.Payload, new byte[200]), Cancellation),
            "the answer is gone" => await stored.ExecuteUpdateAsync(set => set.SetProperty(r => r.Payload, (byte[]?)null), Cancellation),
            _ => await stored.ExecuteUpdateAsync(set => set.SetProperty(r => r.Payload, new byte[200]).SetProperty(r => r.PayloadHash, SHA256.HashData(new byte[200])), Cancellation),
        });
        var before = await db.Records.CountAsync(r => r.Kind == RecordKind.Read, Cancellation);

        (string Door, HttpResponseMessage Said)[] said =
        [
            ("read", await host.GetAsync($"/api/consultations/{answer.Id}")),
            ("ask again", await host.AskAsync(question)),
            ("make a statement", await host.SendAsync(host.Request(HttpMethod.Post, $"/api/consultations/{answer.Id}/statements"))),
            ("read a statement", await host.GetAsync($"/api/consultations/{answer.Id}/statements")),
            ("in FHIR", await host.GetAsync($"/fhir/CoverageEligibilityResponse/{answer.Id}")),
            ("its proof", await ProofAsync(host, answer.Id)),
        ];

        foreach (var (door, response) in said)
        {
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal($"{door} 500", $"{door} {(int)response.StatusCode}");
            Assert.True(text.Contains("\"code\":\"journal-damaged\"", StringComparison.Ordinal), $"{door}: {text}");
            response.Dispose();
        }

        Assert.Contains($"consultation {answer.Id} is not what was signed", overheard.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("its key is not here yet", overheard.Text(), StringComparison.Ordinal);
        Assert.Equal(before, await db.Records.CountAsync(r => r.Kind == RecordKind.Read, Cancellation));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task Who_asks_again_where_the_key_is_not_here_yet_is_told_to_wait_and_no_regime_is_asked(string accept)
    {
        var (behind, ahead) = (await StartAsync(1), await StartAsync(1, 2));
        var question = Question(Records.NewId());
        await ahead.AskAsync(question).AnswerAsync();
        var calls = world.Regimes.AllCalls;

        using var again = await behind.AskAsync(question, accept: accept);
        var said = await again.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("\"code\":\"answer-not-opened\"", said, StringComparison.Ordinal);
        Assert.Equal(accept == "application/json" ? 500 : 200, (int)again.StatusCode);
        Assert.Equal(calls, world.Regimes.AllCalls);
        await using var db = behind.Journal();
        Assert.False(await db.Records.AnyAsync(r => r.Kind == RecordKind.Read, Cancellation));
    }

    private object Question(Guid id) => new { id, nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

    private static Task<HttpResponseMessage> ProofAsync(RightsHost host, Guid id) => host.GetAsync($"/internal/consultations/{id}/proof", Support);

    private Task<RightsHost> StartAsync(params int[] keys) => world.StartHostAsync(new Dictionary<string, string?> { ["Keys:Rights:File"] = Ring(keys) });

    /// <summary>The first ring with these data keys, the active one last.</summary>
    private string Ring(int[] keys)
    {
        var ring = JsonNode.Parse(File.ReadAllText(folder.File("1.json")))!.AsObject();
        var first = ring["data"]![0]!.DeepClone();
        ring["data"] = new JsonArray([.. keys.Select(id => id == 1 ? first.DeepClone() : new JsonObject { ["id"] = id, ["key"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"data {id}"))) })]);
        var name = folder.File($"ring-{string.Join('-', keys)}.json");
        File.WriteAllText(name, ring.ToJsonString());
        return name;
    }
}
