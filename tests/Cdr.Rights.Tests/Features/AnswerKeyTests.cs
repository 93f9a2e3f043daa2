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
        Assert.DoesNotContain("what was signed", overheard.Text(), StringComparison.Ordinal);
        using var proven = await ProofAsync(ahead, answer.Id);
        var proof = JsonSerializer.Deserialize<AnswerProof>(await proven.BytesAsync(), JsonSerializerOptions.Web)!;
        Assert.Null(ProofCheck.Fault(proof, VerificationKeys.Of(ahead.Services.GetRequiredKeyedService<KeyRing>("Rights"))));
    }

    [Fact]
    public async Task An_answer_that_was_changed_is_damage_to_whoever_keeps_its_proof()
    {
        var host = await StartAsync(1);
        var answer = await host.AskAsync(Question(Records.NewId())).AnswerAsync();
        await using var db = host.Journal();
        await db.Records.Where(r => r.Id == answer.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Payload, new byte[200]), Cancellation);

        var read = await host.GetAsync($"/api/consultations/{answer.Id}").ProblemAsync();
        Assert.Equal((500, "answer-not-opened"), (read.Status, read.Code));
        Assert.Contains($"{answer.Id} is not what was signed", overheard.Text(), StringComparison.Ordinal);
        var problem = await ProofAsync(host, answer.Id).ProblemAsync();

        Assert.Equal((500, "journal-damaged"), (problem.Status, problem.Code));
        Assert.Contains($"consultation {answer.Id} is not what was signed", overheard.Text(), StringComparison.Ordinal);
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
