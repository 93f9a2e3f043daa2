using System.Text.Json.Nodes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Journal;

/// <summary>What an operator, or an auditor with a file of public keys, types.</summary>
public sealed class ToolTests(TestServers servers) : IDisposable
{
    private readonly TestFolder folder = new("tool");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_journal_of_a_service_that_runs_is_verified_as_it_is(bool onPostgres)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = onPostgres ? await servers.PostgresAsync() : null });
        if (onPostgres)
            await world.StartHostAsync();
        await world.AskManyAsync(40);

        // Not two each: who was asked is in the answer's own record where one commit has both.
        await using var db = world.Host.Journal();
        var written = await db.Records.CountAsync(TestContext.Current.CancellationToken);

        var run = await ToolRun.RunAsync(world, "verify", "--json");

        var report = JsonNode.Parse(run.Output)!;
        Assert.True(run.Code == 0, run.Output);
        Assert.Equal(onPostgres ? 2 : 1, report["chains"]!.GetValue<int>());
        Assert.InRange(report["records"]!.GetValue<int>(), Math.Max(written, 20), int.MaxValue);
    }

    [Fact]
    public async Task An_edit_ends_with_one_and_names_its_place()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(5);
        var id = await Sql.RunAsync(world.Database!.Administrator, "UPDATE records SET \"Reason\" = 'patient-absent' WHERE \"Id\" = (SELECT \"Id\" FROM records WHERE \"Kind\" = 3 LIMIT 1) RETURNING \"Id\"");

        var run = await ToolRun.RunAsync(world, "verify");

        Assert.Equal(1, run.Code);
        Assert.Contains("RecordChanged", run.Output, StringComparison.Ordinal);
        Assert.Contains($"id {id}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_end_is_found_by_the_anchor_alone()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(5);
        Assert.Equal(0, (await ToolRun.RunAsync(world, "anchor", folder.File("anchor.json"))).Code);
        Assert.Equal(0, (await ToolRun.RunAsync(world, "keys", folder.File("keys.json"))).Code);
        await Sql.RunAsync(world.Database!.Administrator, """
            DELETE FROM checkpoints; DELETE FROM checkpoint_heads; DELETE FROM tiles;
            DELETE FROM records WHERE "Batch" = (SELECT max("Batch") FROM batches); DELETE FROM batches WHERE "Batch" = (SELECT max("Batch") FROM batches);
            """);

        var without = await ToolRun.RunAsync(world, "verify", "--keys", folder.File("keys.json"));
        var with = await ToolRun.RunAsync(world, "verify", "--keys", folder.File("keys.json"), "--anchor", folder.File("anchor.json"));

        Assert.Equal(0, without.Code);
        Assert.Equal(1, with.Code);
        Assert.Contains("ChainTruncated", with.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"format":"cdr-anchor/1","signature":"AA==","chains":[{"journal":"01900000-0000-7000-8000-000000000002","size":1}]}""")]
    public async Task A_file_that_is_no_anchor_is_no_damage(string text)
    {
        await using var world = await RightsWorld.StartAsync();
        await File.WriteAllTextAsync(folder.File("anchor.json"), text, TestContext.Current.CancellationToken);

        var run = await ToolRun.RunAsync(world, "verify", "--anchor", folder.File("anchor.json"));

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("is no anchor", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_is_made_and_checked_offline()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await ToolRun.RunAsync(world, "anchor", folder.File("anchor.json"));
        await ToolRun.RunAsync(world, "keys", folder.File("keys.json"));

        Assert.Equal(0, (await ToolRun.RunAsync(world, "prove", answer.Id.ToString(), folder.File("proof.json"))).Code);
        var run = await ToolRun.RunAsync(world, "check", folder.File("proof.json"), "--keys", folder.File("keys.json"));
        var text = await File.ReadAllTextAsync(folder.File("proof.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("other.json"), text.Replace("\"position\":0", "\"position\":1", StringComparison.Ordinal).Replace("\"position\":1,\"records\":1,", "\"position\":0,\"records\":2,", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var other = await ToolRun.RunAsync(world, "check", folder.File("other.json"), "--keys", folder.File("keys.json"));

        Assert.Equal(0, run.Code);
        Assert.Contains("reason: emergency", run.Output, StringComparison.Ordinal);
        Assert.Contains("stated by checkpoint", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, other.Code);
    }

    [Theory]
    [InlineData("batch", 2, "no « batch »")]
    [InlineData("record", 2, "no « record »")]
    [InlineData("batch.path", 2, "no « batch.path »")]
    [InlineData("chain.path", 2, "no « chain.path »")]
    [InlineData("checkpoint.signature", 2, "no « checkpoint.signature »")]
    [InlineData("checkpoint", 1, "names no checkpoint")]
    [InlineData("chain checkpoint", 0, "names no checkpoint")]
    public async Task A_proof_that_lacks_a_part_says_which(string parts, int code, string said)
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await ToolRun.RunAsync(world, "anchor", folder.File("anchor.json"));
        await ToolRun.RunAsync(world, "prove", answer.Id.ToString(), folder.File("proof.json"));
        var proof = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("proof.json"), TestContext.Current.CancellationToken))!;
        foreach (var path in parts.Split(' ').Select(part => part.Split('.')))
            path.SkipLast(1).Aggregate(proof, (node, name) => node[name]!)[path[^1]] = null;
        await File.WriteAllTextAsync(folder.File("proof.json"), proof.ToJsonString(), TestContext.Current.CancellationToken);

        var run = await ToolRun.RunAsync(world, "check", folder.File("proof.json"));

        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("verify", "too", "much")]
    [InlineData("prove", "not-an-id")]
    public async Task What_is_not_a_verb_is_answered_with_the_verbs(params string[] words)
    {
        await using var world = await RightsWorld.StartAsync();
        var run = await ToolRun.RunAsync(world, words);
        Assert.Equal(2, run.Code);
        Assert.Contains("journal verify", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
