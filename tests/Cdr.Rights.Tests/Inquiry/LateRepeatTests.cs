using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>A question that is sent again late is still the one that was answered, whatever has passed since: a day, a list, a key.</summary>
public sealed class LateRepeatTests(TestServers servers)
{
    // In Paris ten minutes before eleven at night.
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 21, 21, 50, 0, TimeSpan.Zero));

    [Fact]
    public async Task After_midnight_a_question_without_a_date_is_the_same_one()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock });
        var question = new { id = NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var first = await (await world.Host.AskAsync(question)).BytesAsync();

        clock.Advance(TimeSpan.FromHours(3));

        Assert.Equal(first, await (await world.Host.AskAsync(question)).BytesAsync());
        Assert.Equal(new DateOnly(2026, 11, 21), Reading.Answer(first).CareDate);
        Assert.Equal((1, 1), (await world.Host.CountAsync(question.id, RecordKind.Answered), await world.Host.CountAsync(question.id, RecordKind.Read)));
        Assert.Equal(new DateOnly(2026, 11, 22), (await world.Host.AskAsync(new { question.nir, question.reason, question.regime }).AnswerAsync()).CareDate);
    }

    [Fact]
    public async Task Somebody_picked_from_a_list_is_answered_again_when_the_list_has_passed_and_asked_about_no_more()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock });
        var list = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("twins").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var (candidate, other) = (list.Candidates[0].Reference, list.Candidates[1].Reference);
        var question = new { id = NewId(), candidate, reason = "emergency" };
        var first = await (await world.Host.AskAsync(question)).BytesAsync();
        var calls = world.Regimes.AllCalls;

        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(first, await (await world.Host.AskAsync(question)).BytesAsync());
        using var steps = await world.Host.AskAsync(question, accept: "text/event-stream");
        Assert.Contains(question.id.ToString(), System.Text.Encoding.UTF8.GetString(await steps.BytesAsync()), StringComparison.Ordinal);
        foreach (var late in (object[])[new { candidate, reason = "emergency" }, question with { id = NewId() }, question with { candidate = other }])
            Assert.Equal((400, "candidate-expired"), await world.Host.AskAsync(late).ProblemAsync() is var problem ? (problem.Status, problem.Code) : default);
        Assert.Equal(calls, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task A_date_that_its_regime_no_longer_answers_for_was_answered_on_that_day()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock });
        var question = new { id = NewId(), nir = world.Regimes.People.Case("cnam").Nir, careDate = "21/11/2026", reason = "emergency", regime = "senat" };
        var first = await (await world.Host.AskAsync(question)).BytesAsync();

        clock.Advance(TimeSpan.FromHours(3));

        Assert.Equal(first, await (await world.Host.AskAsync(question)).BytesAsync());
        Assert.Equal("regime-no-past-dates", (await world.Host.AskAsync(question with { id = NewId() }).ProblemAsync()).Code);
    }

    [Fact]
    public async Task An_id_that_is_too_old_for_a_new_question_is_good_for_the_one_it_has_answered()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock });
        var question = new { id = NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var (old, first) = (NewId(), await (await world.Host.AskAsync(question)).BytesAsync());

        clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(first, await (await world.Host.AskAsync(question)).BytesAsync());
        Assert.Equal("id-not-acceptable", (await world.Host.AskAsync(question with { id = old }).ProblemAsync()).Code);
        Assert.Equal("id-not-acceptable", (await world.Host.AskAsync(question with { reason = "patient-absent" }).ProblemAsync()).Code);
    }

    [Fact]
    public async Task Under_a_new_key_of_pseudonyms_it_is_known_again()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var first = await (await world.Host.AskAsync(question)).BytesAsync();

        await AddPseudonymKeyAsync(world.Settings()["Keys:Rights:File"]!);
        var after = await world.StartHostAsync();

        Assert.Equal(first, await (await after.AskAsync(question)).BytesAsync());
        Assert.Equal("id-of-another-question", (await after.AskAsync(question with { reason = "patient-absent" }).ProblemAsync()).Code);
    }

    [Fact]
    public async Task Where_the_journal_cannot_say_it_is_not_said_to_be_too_late()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var nir = world.Regimes.People.Case("cnam").Nir;
        await using var locking = await Sql.OpenAsync(world.Database!.Administrator);
        await using var transaction = await locking.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LOCK TABLE records IN ACCESS EXCLUSIVE MODE", locking, transaction))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var problem = await world.Host.AskAsync(new { id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddDays(-2)), nir, reason = "emergency", regime = "cnam" }).ProblemAsync();

        Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code));
    }

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    private static async Task AddPseudonymKeyAsync(string file)
    {
        var keys = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        keys["pseudonym"]!.AsArray().Add(new JsonObject { ["id"] = 2, ["key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) });
        await File.WriteAllTextAsync(file, keys.ToJsonString(), TestContext.Current.CancellationToken);
    }
}
