using System.Net;
using System.Net.Http.Json;
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
