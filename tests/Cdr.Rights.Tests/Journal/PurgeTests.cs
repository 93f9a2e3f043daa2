using Cdr.Contracts.Sessions;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Two clocks, and a journal that still verifies after each.</summary>
public sealed class PurgeTests(TestServers servers) : IDisposable
{
    private readonly TestFolder folder = new("purge");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trace_goes_after_a_year_a_used_answer_after_three_and_a_half_and_all_of_it_stays_verifiable(bool onPostgres)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = onPostgres ? await servers.PostgresAsync() : null });
        await world.AskManyAsync(30);
        var used = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        Assert.Equal(204, await UseAsync(world, used.Id, "invoice"));
        Assert.Equal(0, (await ToolRun.RunAsync(world, "anchor", folder.File("anchor.json"))).Code);
        var before = await CountAsync(world);

        Assert.Contains("0 records purged", (await ToolRun.RunAsync(world, In(11), "purge")).Output, StringComparison.Ordinal);
        Assert.Contains($"{before - 2} records are past their time", (await ToolRun.RunAsync(world, In(13), "purge", "--dry-run")).Output, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync(world));
        Assert.Contains($"{before - 2} records purged", (await ToolRun.RunAsync(world, In(13), "purge")).Output, StringComparison.Ordinal);

        // The answer and its use, and what says that the others went.
        Assert.Equal([RecordKind.Answered, RecordKind.Used], (await world.Host.RecordsAsync(used.Id)).Select(r => r.Kind).Order());
        await AssertVerifiesAsync(world, In(13), "policy=access-trace-12-months");
        await AssertProvenAsync(world, used.Id);
        using (var read = await world.Host.GetAsync($"/api/consultations/{used.Id}"))
            Assert.Equal(200, (int)read.StatusCode);

        Assert.Contains("2 records of", (await ToolRun.RunAsync(world, In(43), "purge")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(RecordKind.Answered, (await world.Host.RecordsAsync(used.Id)).Select(r => r.Kind));
        await AssertVerifiesAsync(world, In(43), "policy=proof-36-months-and-6");
        if (onPostgres)
            Assert.Equal(0L, await Sql.RunAsync(world.Database!.Administrator, FormattableString.Invariant($"SELECT count(*) FROM pg_class WHERE relname = 'records_{TimeProvider.System.GetUtcNow():yyyyMM}'")));
    }

    [Fact]
    public async Task What_a_purge_took_is_said_to_be_gone_though_the_clock_is_set_longer_since()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(3);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(await KeptSinceAsync(world), now.AddMonths(-12).AddMinutes(-5), now.AddMonths(-12).AddMinutes(5));

        // A purge that went further than the service's clock would.
        await ToolRun.RunAsync(world, In(13), "purge");

        Assert.InRange(await KeptSinceAsync(world), now.AddMonths(1).AddDays(-3), now.AddMonths(1).AddDays(1));
    }

    [Fact]
    public async Task After_a_purge_what_is_deleted_without_one_is_still_found()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(10);
        var used = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await UseAsync(world, used.Id, "ticket");
        await ToolRun.RunAsync(world, In(13), "purge");
        await Sql.RunAsync(world.Database!.Administrator, $"DELETE FROM records WHERE \"Id\" = '{used.Id}'");

        var run = await ToolRun.RunAsync(world, In(13), "verify");

        Assert.Equal(1, run.Code);
        Assert.Contains($"RecordMissing", run.Output, StringComparison.Ordinal);
        Assert.Contains($"id {used.Id}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_applications_role_cannot_purge()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(2);
        await using var db = new RightsDb(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(world.Database!.Application).Options);
        using var signer = new BatchSigner(world.Host.Services.GetRequiredKeyedService<KeyRing>("Rights"));
        var purge = new JournalPurge(db, signer, new RetentionOptions(), In(13));

        var refused = await Assert.ThrowsAsync<PostgresException>(async () => await purge.RunAsync(isDry: false, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Equal(0, (await ToolRun.RunAsync(world, "verify")).Code);
    }

    [Theory]
    [InlineData(5, 36, 6)]
    [InlineData(12, 5, 6)]
    [InlineData(12, 36, -1)]
    public void A_clock_below_its_floor_is_refused(int trace, int proof, int margin) =>
        Assert.Throws<InvalidOperationException>(() => RetentionOptions.Checked(new RetentionOptions { AccessTraceMonths = trace, ProofMonths = proof, ProofMarginMonths = margin }));

    [Theory]
    [InlineData("invoice", "750712184", 204)]
    [InlineData("party", "750712184", 400)]
    [InlineData("invoice", "590991014", 404)]
    public async Task A_use_is_noted_by_the_establishment_that_asked(string use, string finess, int status)
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(status, await UseAsync(world, answer.Id, use, finess));
        Assert.Equal(status == 204 ? 1 : 0, await world.Host.CountAsync(answer.Id, RecordKind.Used));
    }

    [Fact]
    public async Task A_use_is_noted_once_a_day()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => UseAsync(world, answer.Id, "invoice"))), status => Assert.Equal(204, status));
        Assert.Equal(204, await UseAsync(world, answer.Id, "invoice"));
        Assert.Equal(204, await UseAsync(world, answer.Id, "ticket"));

        Assert.Equal(["invoice", "ticket"], (await world.Host.RecordsAsync(answer.Id)).Where(r => r.Kind == RecordKind.Used).Select(r => r.Regimes).Order());
    }

    [Fact]
    public async Task Nobody_takes_the_id_of_a_use_before_it_is_noted()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var answer = await world.Host.AskAsync(question).AnswerAsync();
        var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

        // What anybody can compute of the use, and what only the service can: both are a question's now.
        var guessed = await world.Host.AskAsync(new { id = IdOf(today, Form(answer.Id, "invoice", today)), question.nir, question.reason, question.regime }).AnswerAsync();
        var keyed = world.Host.Services.GetRequiredKeyedService<Pseudonyms>("Rights").Of("use", SubjectText.Parts($"{answer.Id:N}", "ticket", $"{today:yyyy-MM-dd}"));
        var taken = await world.Host.AskAsync(new { id = IdOf(today, keyed), question.nir, question.reason, question.regime }).AnswerAsync();
        Assert.Equal(2, new[] { guessed.Id, taken.Id }.Distinct().Count());

        Assert.Equal(204, await UseAsync(world, answer.Id, "invoice"));
        Assert.Equal(204, await UseAsync(world, answer.Id, "ticket"));
        Assert.Equal(204, await UseAsync(world, answer.Id, "ticket"));

        Assert.Equal(["invoice", "ticket"], (await world.Host.RecordsAsync(answer.Id)).Where(r => r.Kind == RecordKind.Used).Select(r => r.Regimes).Order());

        static byte[] Form(Guid consultation, string use, DateTimeOffset day)
        {
            var form = new BinaryForm(stackalloc byte[128]);
            form.Add(consultation);
            form.Add(use);
            form.Add(day.ToUnixTimeSeconds());
            return form.Hash();
        }
    }

    [Theory]
    [InlineData(1, 204)]
    [InlineData(-1, 410)]
    public async Task An_answer_past_its_time_can_no_longer_become_a_proof(int minutes, int status)
    {
        await using var world = await RightsWorld.StartAsync();
        var old = SyntheticRecord.At(TimeProvider.System.GetUtcNow().AddMonths(-12).AddMinutes(minutes), new Random(1));
        await using (var db = world.Host.Journal())
        {
            db.Records.Add(old);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(status, await UseAsync(world, old.Id, "invoice"));
        Assert.Equal(status == 204 ? 1 : 0, await world.Host.CountAsync(old.Id, RecordKind.Used));
    }

    [Theory]
    [InlineData(120, 204)]
    [InlineData(-1, 410)]
    public async Task A_proof_past_its_time_is_not_used_again_and_on_its_last_day_no_purge_takes_it(int minutes, int status)
    {
        await using var world = await RightsWorld.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var answer = OldRecords.Answer(now.AddMonths(-60));
        await OldRecords.WriteAsync(world, answer, OldRecords.Of(answer, RecordKind.Used, now.AddMonths(-42).AddMinutes(minutes), "invoice"));

        // A purge that read its last use a moment before another is noted.
        Assert.Contains("0 records purged", (await ToolRun.RunAsync(world, new FakeTimeProvider(now.AddHours(3)), "purge")).Output, StringComparison.Ordinal);
        Assert.Equal(status, await UseAsync(world, answer.Id, "ticket"));
        Assert.Equal(status == 204 ? 2 : 1, await world.Host.CountAsync(answer.Id, RecordKind.Used));

        Assert.Equal(0, (await ToolRun.RunAsync(world, new FakeTimeProvider(now.AddDays(3)), "purge")).Code);
        Assert.Equal(status == 204 ? 1 : 0, await world.Host.CountAsync(answer.Id, RecordKind.Answered));
        Assert.Equal(status == 204 ? 1 : 0, await world.Host.CountAsync(answer.Id, RecordKind.Used));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_purge_that_took_a_proof_and_left_its_use_is_found(bool onPostgres)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = onPostgres ? await servers.PostgresAsync() : null });
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var other = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "msa" }).AnswerAsync();
        Assert.Equal(204, await UseAsync(world, other.Id, "invoice"));
        // Whoever purged did not see, or did not want to see, that it was used meanwhile.
        Assert.Equal(0, (await ToolRun.RunAsync(world, In(13), "purge")).Code);
        await OldRecords.WriteAsync(world, OldRecords.Of(OldRecords.Answer(answer.AnsweredAt), RecordKind.Used, TimeProvider.System.GetUtcNow(), "invoice", answer.Id));

        var run = await ToolRun.RunAsync(world, In(13), "verify");

        Assert.Equal(1, run.Code);
        Assert.Contains("ProofMissing", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{answer.Id}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"{other.Id}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_goes_with_all_its_uses_in_one_step_whenever_they_were()
    {
        await using var world = await RightsWorld.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var answer = OldRecords.Answer(now.AddMonths(-60));
        await OldRecords.WriteAsync(
            world, answer, OldRecords.Of(answer, RecordKind.Used, now.AddMonths(-50), "invoice"), OldRecords.Of(answer, RecordKind.Used, now.AddMonths(-44), "ticket"));

        foreach (var words in (string[][])[["purge", "--dry-run"], ["purge"]])
        {
            var run = await ToolRun.RunAsync(world, words);
            Assert.Contains($": 3 records of {answer.At:yyyy-MM-dd}, proof-36-months-and-6", run.Output, StringComparison.Ordinal);
            Assert.Contains(words.Length == 2 ? "3 records are past their time" : "3 records purged", run.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await ToolRun.RunAsync(world, "verify")).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_of_questions_goes_with_its_lines_after_a_year(bool onPostgres)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Postgres = onPostgres ? await servers.PostgresAsync() : null,
            Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "500", ["Batches:PumpPeriod"] = "00:00:00.100" },
        });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json([new { nir, regime = "cnam", reason = "invoice-rejected" }, new { nir, regime = "cnam", reason = "emergency" }])).ProgressAsync();
        await world.Host.EndedAsync(batch);

        Assert.DoesNotContain("files of questions", (await ToolRun.RunAsync(world, In(11), "purge")).Output, StringComparison.Ordinal);
        Assert.Contains("1 files of questions are past their time", (await ToolRun.RunAsync(world, In(13), "purge", "--dry-run")).Output, StringComparison.Ordinal);
        Assert.Equal((1, 2), await FilesAsync(world));

        Assert.Contains("1 files of questions purged", (await ToolRun.RunAsync(world, In(13), "purge")).Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), await FilesAsync(world));
        Assert.Equal(0, (await ToolRun.RunAsync(world, In(13), "verify")).Code);
    }

    [Fact]
    public async Task A_proof_is_found_by_its_admission_for_as_long_as_it_is_kept()
    {
        await using var world = await RightsWorld.StartAsync();
        // Of the day before: what is filed under it has another day's id.
        object Question(DateTimeOffset of) => new { id = Guid.CreateVersion7(of), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", workflowId = "VENUE-17" };
        var now = TimeProvider.System.GetUtcNow();
        var (used, early, other) = (await world.Host.AskAsync(Question(now)).AnswerAsync(), await world.Host.AskAsync(Question(now.AddHours(-23))).AnswerAsync(), await world.Host.AskAsync(Question(now)).AnswerAsync());
        Assert.Equal(204, await UseAsync(world, used.Id, "invoice"));
        Assert.Equal(204, await UseAsync(world, early.Id, "invoice"));

        Assert.Equal(0, (await ToolRun.RunAsync(world, In(13), "purge")).Code);

        using (var listed = await world.Host.GetAsync("/api/consultations?workflowId=VENUE-17"))
        {
            var text = System.Text.Encoding.UTF8.GetString(await listed.BytesAsync());
            Assert.All([used.Id, early.Id], id => Assert.Contains($"{id}", text, StringComparison.Ordinal));
            Assert.DoesNotContain($"{other.Id}", text, StringComparison.Ordinal);
        }

        Assert.Equal(0, await world.Host.CountAsync(other.Id, RecordKind.Filed));
        Assert.Equal(0, (await ToolRun.RunAsync(world, In(13), "verify")).Code);
        Assert.Equal(0, (await ToolRun.RunAsync(world, In(43), "purge")).Code);
        Assert.Empty(await world.Host.RecordsAsync(used.Id));
        Assert.Empty(await world.Host.RecordsAsync(early.Id));
    }

    public void Dispose() => folder.Dispose();

    private static Guid IdOf(DateTimeOffset day, byte[] hash)
    {
        var bytes = hash.AsSpan(0, 16);
        Guid.CreateVersion7(day).ToByteArray(bigEndian: true).AsSpan(0, 6).CopyTo(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x70);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static FakeTimeProvider In(int months) => new(TimeProvider.System.GetUtcNow().AddMonths(months).AddDays(2));

    private static async Task<int> UseAsync(RightsWorld world, Guid id, string use, string? finess = null)
    {
        using var request = world.Host.Request(HttpMethod.Post, $"/api/consultations/{id}/uses", finess is null ? new TestCaller() : new TestCaller { Role = CdrRoles.Clerk, Finess = finess });
        request.Content = System.Net.Http.Json.JsonContent.Create(new { use });
        using var response = await world.Host.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<int> CountAsync(RightsWorld world)
    {
        await using var db = world.Host.Journal();
        return await db.Records.CountAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(int Files, int Lines)> FilesAsync(RightsWorld world)
    {
        await using var db = world.Host.Journal();
        return (await db.BatchFiles.CountAsync(TestContext.Current.CancellationToken), await db.BatchLines.CountAsync(TestContext.Current.CancellationToken));
    }

    private async Task AssertVerifiesAsync(RightsWorld world, TimeProvider clock, string purge)
    {
        var run = await ToolRun.RunAsync(world, clock, "verify", "--anchor", folder.File("anchor.json"));
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.Contains(purge, run.Output, StringComparison.Ordinal);
    }

    private static async Task AssertProvenAsync(RightsWorld world, Guid id)
    {
        await using var db = world.Host.Journal();
        var proof = await ProofMaking.MakeAsync(db, id, TestContext.Current.CancellationToken);
        Assert.Null(ProofCheck.Fault(proof!, VerificationKeys.Of(world.Host.Services.GetRequiredKeyedService<KeyRing>("Rights"))));
        Assert.NotNull(proof!.Checkpoint);
    }

    private static async Task<DateTimeOffset> KeptSinceAsync(RightsWorld world)
    {
        await using var scope = world.Host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<JournalReader>().HeadsAsync(TestContext.Current.CancellationToken)).Max(head => head.KeptSince);
    }
}
