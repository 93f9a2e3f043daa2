using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Features.AskRights;

/// <summary>What hospital software needs beside the question: a number for an admission, and a key that makes asking again safe.</summary>
public sealed class WorkflowTests(TestServers servers)
{
    private const string Stay = "VENUE-2026.0042_17";

    [Fact]
    public async Task All_consultations_of_an_admission_are_found_in_the_own_establishment_alone()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var first = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", workflowId = Stay }).AnswerAsync();
        var second = await world.Host.AskAsync(new { nir, reason = "invoice-rejected", regime = "cnam", workflowId = Stay }, new TestCaller { Subject = "invoicing" }).AnswerAsync();
        await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam", workflowId = "another" }).AnswerAsync();
        await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        // Asked by either, seen by any clerk of the house.
        var found = await ListAsync(world, new TestCaller { Subject = "colleague" });

        Assert.Equal([second.Id, first.Id], found.Select(one => one.Id));
        Assert.Empty(await ListAsync(world, new TestCaller { Finess = "690781810" }));
    }

    /// <summary>Whichever door was used.</summary>
    [Fact]
    public async Task Consultations_of_a_file_and_of_the_fhir_door_are_found_by_their_admission_too()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" } });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var table = await world.Host.UploadAsync($"nir;regime;motif;dossier\r\n{nir};cnam;emergency;{Stay}\r\n{nir};cnam;patient-absent;\r\n", "text/csv").ProgressAsync();
        var lines = await world.Host.UploadAsync(Harness.Batches.Json([new { nir, regime = "cnam", reason = "emergency", workflowId = Stay }])).ProgressAsync();
        await world.Host.EndedAsync(table);
        await world.Host.EndedAsync(lines);

        var fhir = await SubmitAsync(world, Request(nir, $$"""{"url":"urn:cdr:fhir:workflow-id","valueString":"{{Stay}}"}"""));

        Assert.Equal(HttpStatusCode.OK, fhir.Status);
        Guid[] expected = [(await world.Host.ResultsAsync(table)).Lines[0].Answer!.Id, (await world.Host.ResultsAsync(lines)).Lines[0].Answer!.Id, Guid.Parse(fhir.Body.RootElement.GetProperty("id").GetString()!)];
        Assert.Equal(expected.Order(), (await ListAsync(world, new TestCaller { Subject = "colleague" })).Select(one => one.Id).Order());
    }

    [Fact]
    public async Task A_number_that_is_none_is_named_where_it_stands_in_a_file_and_in_a_resource()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;

        var file = await world.Host.UploadAsync($"nir;regime;motif;dossier\r\n{nir};cnam;emergency;{nir}\r\n", "text/csv").ProblemAsync();
        var held = await SubmitAsync(world, Request(nir, $$"""{"url":"urn:cdr:fhir:workflow-id","valueString":"{{nir}}"}"""));
        var other = await SubmitAsync(world, Request(nir, """{"url":"urn:cdr:fhir:workflow-id","valueInteger":17}"""));

        Assert.Equal((400, "batch-lines-wrong"), (file.Status, file.Code));
        Assert.Contains("\"code\":\"workflow-id-holds-nir\"", file.Text, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"workflowId\"", file.Text, StringComparison.Ordinal);
        Assert.All([held, other], one =>
        {
            Assert.Equal(HttpStatusCode.BadRequest, one.Status);
            Assert.Equal("CoverageEligibilityRequest.extension('urn:cdr:fhir:workflow-id')", one.Body.RootElement.GetProperty("issue")[0].GetProperty("expression")[0].GetString());
        });
        Assert.Equal(0, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task Nobody_reads_the_admissions_number_in_the_journal()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", workflowId = Stay }).AnswerAsync();

        await using var db = await world.Host.Services.GetRequiredService<IDbContextFactory<RightsDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var filed = Assert.Single(await db.Records.Where(r => r.Kind == RecordKind.Filed).ToListAsync(TestContext.Current.CancellationToken));

        Assert.Equal(answer.Id, filed.Consultation);
        Assert.Equal(32, filed.Pseudonym.Length);
        Assert.DoesNotContain(await db.Records.ToListAsync(TestContext.Current.CancellationToken), one => System.Text.Json.JsonSerializer.Serialize(one).Contains("0042", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "workflow-id-not-acceptable")]
    [InlineData("venue 12", "workflow-id-not-acceptable")]
    [InlineData("séjour", "workflow-id-not-acceptable")]
    [InlineData("00000000001111111111222222222233333333334444444444555555555566666", "workflow-id-not-acceptable")]
    [InlineData("255081416802538", "workflow-id-holds-nir")]
    [InlineData("2550814168025", "workflow-id-holds-nir")]
    [InlineData("SEJOUR-2.55.08.14.168.025", "workflow-id-holds-nir")]
    [InlineData("2-55-08-14-168-025-38", "workflow-id-holds-nir")]
    public async Task A_number_that_may_be_a_persons_is_refused_by_name_and_not_repeated(string workflowId, string code)
    {
        await using var world = await RightsWorld.StartAsync();

        var problem = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", workflowId }).ProblemAsync();

        Assert.Equal((400, code, "workflowId"), (problem.Status, problem.Code, problem.Field));
        if (workflowId.Length > 0)
            Assert.DoesNotContain(workflowId, problem.Text, StringComparison.Ordinal);
        var searched = await world.Host.GetAsync("/api/consultations?workflowId=" + Uri.EscapeDataString(workflowId)).ProblemAsync();
        Assert.Equal(code, searched.Code);
    }

    [Fact]
    public async Task The_idempotency_key_is_the_consultations_id()
    {
        await using var world = await RightsWorld.StartAsync();
        var (key, nir) = (Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), world.Regimes.People.Case("cnam").Nir);

        var first = await AskAsync(world, key.ToString(), new { nir, reason = "emergency", regime = "cnam" });
        var again = await AskAsync(world, $"\"{key}\"", new { nir, reason = "emergency", regime = "cnam" });
        var both = await AskAsync(world, key.ToString(), new { nir, reason = "emergency", regime = "cnam", id = key });
        var other = await AskAsync(world, key.ToString(), new { nir, reason = "patient-absent", regime = "cnam" });
        var unlike = await AskAsync(world, key.ToString(), new { nir, reason = "emergency", regime = "cnam", id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) });
        var wrong = await AskAsync(world, "order-17", new { nir, reason = "emergency", regime = "cnam" });
        var old = await AskAsync(world, "3f2b6d1c-6f0b-4d3c-9a55-0b1f3f0f7a11", new { nir, reason = "emergency", regime = "cnam" });

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(key, Reading.Answer(first.Body).Id);
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(first.Body, both.Body);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.All([unlike, wrong, old], one => Assert.Equal(HttpStatusCode.BadRequest, one.Status));
        Assert.DoesNotContain("order-17", System.Text.Encoding.UTF8.GetString(wrong.Body), StringComparison.Ordinal);
    }

    private static string Request(string nir, string extension) => $$$$"""
        {"resourceType":"CoverageEligibilityRequest","extension":[{{{{extension}}}}],"status":"active","purpose":["validation"],"created":"2026-11-25",
         "insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"{{{{nir}}}}"}}}
        """;

    private static async Task<(HttpStatusCode Status, JsonDocument Body)> SubmitAsync(RightsWorld world, string resource)
    {
        using var request = world.Host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit");
        request.Content = new StringContent(resource, System.Text.Encoding.UTF8, "application/fhir+json");
        using var response = await world.Host.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private static async Task<(HttpStatusCode Status, byte[] Body)> AskAsync(RightsWorld world, string key, object question)
    {
        using var request = world.Host.Question(question);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await world.Host.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<IReadOnlyList<ConsultationSummary>> ListAsync(RightsWorld world, TestCaller caller)
    {
        using var response = await world.Host.GetAsync("/api/consultations?last=50&workflowId=" + Stay, caller);
        return (await response.Content.ReadFromJsonAsync<IReadOnlyList<ConsultationSummary>>(TestContext.Current.CancellationToken))!;
    }
}
