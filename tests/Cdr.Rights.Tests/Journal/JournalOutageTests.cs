using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Servers;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>No journal, no answer; and by itself all is well again.</summary>
public sealed class JournalOutageTests(TestServers servers)
{
    // The data access's own patience is thirty seconds.
    private static readonly TimeSpan NotWaitedFor = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Without_its_database_nothing_is_answered_quickly_and_with_it_all_is_well_again()
    {
        await using var postgres = new PostgresServer();
        await postgres.StartAsync(TestContext.Current.CancellationToken);
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = postgres });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        await postgres.KillAsync();
        // A connection's own server process may outlive the first one by a question, and still commits.
        await Records.UntilAsync("the database is gone", async () =>
        {
            using var response = await world.Host.AskAsync(question);
            return (int)response.StatusCode == 503;
        });

        var problem = await world.Host.AskAsync(question).ProblemAsync().WaitAsync(NotWaitedFor, TestContext.Current.CancellationToken);
        var listed = await world.Host.GetAsync("/api/consultations").ProblemAsync();
        var counting = await world.Host.GetAsync("/internal/journals", new TestCaller { Kind = SubjectKinds.Service, Subject = "usage", Role = null, Session = null, Finess = null }).ProblemAsync();
        var again = await world.Host.AskAsync(new { id = Records.NewId(), question.nir, question.reason }).ProblemAsync();

        Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code));
        Assert.Equal((503, 503, 503), (listed.Status, again.Status, counting.Status));
        await postgres.StartAsync(TestContext.Current.CancellationToken);
        await Records.UntilAsync("questions are answered again", async () => (await world.Host.AskAsync(question).AnswerAsync()).Outcome == ConsultationOutcome.Found);
        Assert.True(await Chain.VerifyAsync(world.Host) > 0);
    }

    [Fact]
    public async Task A_database_that_hangs_is_not_waited_for()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        await using var locking = await Sql.OpenAsync(world.Database!.Administrator);
        await using var transaction = await locking.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LOCK TABLE records IN ACCESS EXCLUSIVE MODE", locking, transaction))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var problems = await Task.WhenAll(
            world.Host.AskAsync(question).ProblemAsync(),
            world.Host.AskAsync(new { id = Records.NewId(), question.nir, question.reason, question.regime }).ProblemAsync(),
            world.Host.GetAsync($"/api/consultations/{Records.NewId()}").ProblemAsync()).WaitAsync(NotWaitedFor, TestContext.Current.CancellationToken);

        Assert.All(problems, problem => Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code)));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await Records.UntilAsync("questions are answered again", async () => (await world.Host.AskAsync(question).AnswerAsync()).Outcome == ConsultationOutcome.Found);
        await Chain.VerifyAsync(world.Host);
    }

    [Fact]
    public async Task A_copy_of_many_records_that_hangs_is_not_waited_for()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        var ids = Enumerable.Range(0, 40).Select(_ => Records.NewId()).ToList();
        await using var other = await Sql.OpenAsync(world.Database!.Administrator);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        // Nobody knows yet whether the ids are taken: the server waits for this transaction in the midst of a copy.
        await using (var command = new NpgsqlCommand(
            "INSERT INTO records SELECT (jsonb_populate_record(NULL::records, to_jsonb(r) || jsonb_build_object('Id', id))).* FROM (SELECT * FROM records WHERE \"Kind\" = 3 LIMIT 1) r, unnest($1) id", other, transaction))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var problems = await Task.WhenAll(ids.Select(id => world.Host.AskAsync(new { id, question.nir, question.reason, question.regime }).ProblemAsync()))
            .WaitAsync(NotWaitedFor, TestContext.Current.CancellationToken);

        Assert.All(problems, problem => Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code)));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await Records.UntilAsync("questions are answered again", async () => (await world.Host.AskAsync(question).AnswerAsync()).Outcome == ConsultationOutcome.Found);
        await Chain.VerifyAsync(world.Host);
    }
}
