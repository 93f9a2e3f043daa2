using System.Net;
using System.Net.Http.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Batches;

/// <summary>The answers of a file prove its invoices: all of them are kept as proofs, by one word of whoever invoices.</summary>
public sealed class UsedBatchTests
{
    private static readonly Dictionary<string, string?> Quick = new() { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" };

    [Fact]
    public async Task Every_answer_of_a_file_is_noted_once_however_often_it_is_said_and_nothing_else_is()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var people = new[] { "cnam", "msa", "mgen" }.Select(name => new { nir = world.Regimes.People.Case(name).Nir, regime = name, reason = "emergency" });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(people)).ProgressAsync();
        var other = await world.Host.AskAsync(people.First()).AnswerAsync();
        await world.Host.EndedAsync(batch);

        var first = await UseAsync(world, batch.Id);
        var again = await UseAsync(world, batch.Id, new TestCaller { Subject = "colleague" });

        Assert.Equal((new BatchUses(3, 0), new BatchUses(3, 0)), (first, again));
        await using var db = world.Host.Journal();
        var used = await db.Records.Where(r => r.Kind == RecordKind.Used).ToListAsync(TestContext.Current.CancellationToken);
        var lines = await db.BatchLines.Where(l => l.Batch == batch.Id).Select(l => l.Consultation).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(lines.Order(), used.Select(r => r.Consultation).Order());
        Assert.All(used, r => Assert.Equal(("invoice", "person-1"), (r.Regimes, r.Subject)));
        Assert.DoesNotContain(used, r => r.Consultation == other.Id);
    }

    [Fact]
    public async Task A_file_of_another_establishment_is_none_and_a_use_that_is_none_is_named()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Quick });
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        await world.Host.EndedAsync(batch);

        Assert.Equal(404, (await world.Host.SendAsync(Use(world, batch.Id, new TestCaller { Finess = "690781810" })).ProblemAsync()).Status);
        Assert.Equal((400, "use-unknown", "use"), await world.Host.SendAsync(Use(world, batch.Id, null, "curiosity")).ProblemAsync() is var refused ? (refused.Status, refused.Code, refused.Field) : default);
        await using var db = world.Host.Journal();
        Assert.False(await db.Records.AnyAsync(r => r.Kind == RecordKind.Used, TestContext.Current.CancellationToken));
    }

    private static async Task<BatchUses> UseAsync(RightsWorld world, Guid batch, TestCaller? caller = null)
    {
        using var response = await world.Host.SendAsync(Use(world, batch, caller));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<BatchUses>(TestContext.Current.CancellationToken))!;
    }

    private static HttpRequestMessage Use(RightsWorld world, Guid batch, TestCaller? caller, string use = "invoice")
    {
        var request = world.Host.Request(HttpMethod.Post, $"/api/batches/{batch}/uses", caller);
        request.Content = JsonContent.Create(new ConsultationUse { Use = use });
        return request;
    }
}
