using System.Net;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Refit;

namespace Cdr.Rights.Tests.Features;

/// <summary>What other modules call by the contract is what the endpoints are.</summary>
public sealed class RightsApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_sent_followed_read_on_and_cancelled_by_the_contract()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" } });
        var rights = Api(world, new TestCaller());
        var nir = world.Regimes.People.Case("cnam").Nir;

        using var sent = await rights.AcceptBatchAsync(Csv($"nir;regime\r\n{nir};cnam\r\n"), "emergency", "cle-1", Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var batch = JsonSerializer.Deserialize<BatchProgress>(await sent.Content.ReadAsStreamAsync(Cancellation), JsonSerializerOptions.Web)!;
        await Records.UntilAsync("it has ended", async () => (await rights.BatchAsync(batch.Id, Cancellation)).State == BatchState.Ended);
        Assert.Equal([batch.Id], (await rights.BatchesAsync(Cancellation)).Select(one => one.Id));

        using var read = await rights.BatchResultsAsync(batch.Id, "json", null, Cancellation);
        var results = JsonSerializer.Deserialize<BatchResults>(await read.Content.ReadAsStreamAsync(Cancellation), JsonSerializerOptions.Web)!;
        Assert.Equal(ConsultationOutcome.Found, Assert.Single(results.Lines).Answer!.Outcome);
        using var more = await rights.BatchResultsAsync(batch.Id, "csv", results.Next, Cancellation);
        Assert.Equal("text/csv", more.Content.Headers.ContentType?.MediaType);
        Assert.Single((await more.Content.ReadAsStringAsync(Cancellation)).TrimEnd().Split("\r\n"));
        Assert.Equal(BatchState.Ended, (await rights.CancelBatchAsync(batch.Id, Cancellation)).State);

        // What it answered proves an invoice: one line, then all of them, as often as it is said.
        var line = results.Lines[0].Answer!.Id;
        using var used = await rights.UseAsync(line, new ConsultationUse { Use = "invoice" }, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, used.StatusCode);
        Assert.Equal(new BatchUses(1, 0), await rights.UseBatchAsync(batch.Id, new ConsultationUse { Use = "invoice" }, Cancellation));
        Assert.Equal(1, await world.Host.CountAsync(line, Cdr.Rights.Journal.RecordKind.Used));
    }

    [Fact]
    public async Task A_faulty_file_names_its_lines()
    {
        await using var world = await RightsWorld.StartAsync();
        var rights = Api(world, new TestCaller());

        using var refused = await rights.AcceptBatchAsync(Csv("nir;motif\r\n123;emergency\r\n;emergency\r\n"), null, null, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal([1, 2], problem.RootElement.GetProperty("faults").Deserialize<BatchFault[]>(JsonSerializerOptions.Web)!.Select(fault => fault.Line));
        var nobodys = await Assert.ThrowsAnyAsync<ApiException>(() => rights.BatchAsync(Records.NewId(), Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, nobodys.StatusCode);
    }

    [Fact]
    public async Task Cases_are_listed_and_lifted_by_the_contract()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Fishing.Guarded.Settings });
        var desk = new Fishing.Desk(world.Host, "scanner");
        foreach (var order in Enumerable.Range(901, 12))
            desk.AskNir(Fishing.Town.Of(1, 1980, 5, "69123", order));
        var operations = Api(world, new TestCaller { Subject = "operator", Role = CdrRoles.Operations, Finess = null });
        IReadOnlyList<FishingCase> cases = [];
        await Records.UntilAsync("a case is written", async () => (cases = (await operations.FishingCasesAsync(null, Cancellation)).Cases).Count > 0);

        using var lifted = await operations.LiftFishingAsync(cases[0].Id, new FishingLift(FishingLift.SignMistaken), Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        Assert.Equal("lifted", (await operations.FishingCasesAsync(null, Cancellation)).Cases.Single(one => one.Id == cases[0].Id).State);
        using var unknown = await operations.LiftFishingAsync(Records.NewId(), new FishingLift(FishingLift.SignMistaken), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    // As a module's own client is made: the caller's token on each call.
    private static IRightsApi Api(RightsWorld world, TestCaller caller)
    {
        var http = new HttpClient { BaseAddress = world.Host.Client.BaseAddress };
        http.DefaultRequestHeaders.Authorization = world.Host.Request(HttpMethod.Get, "/", caller).Headers.Authorization;
        return RestService.ForGenerated<IRightsApi>(http, new RefitSettings());
    }

    private static StringContent Csv(string text) => new(text, Encoding.UTF8, "text/csv");
}
