using System.Text;
using Cdr.RegimeSimulator;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>One id is one question, whoever repeats it and however.</summary>
public sealed class AskingAgainTests(TestServers servers)
{
    [Fact]
    public async Task The_same_question_gives_the_same_bytes_and_its_reading_is_journaled()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency" };

        var first = await (await world.Host.AskAsync(question)).BytesAsync();
        var calls = world.Regimes.AllCalls;
        var second = await (await world.Host.AskAsync(question)).BytesAsync();
        var read = await (await world.Host.GetAsync($"/api/consultations/{question.id}")).BytesAsync();

        Assert.Equal(first, second);
        Assert.Equal(first, read);
        Assert.Equal(question.id, Reading.Answer(first).Id);
        Assert.Equal(calls, world.Regimes.AllCalls);
        Assert.Equal((1, 2), (await world.Host.CountAsync(question.id, RecordKind.Answered), await world.Host.CountAsync(question.id, RecordKind.Read)));
    }

    [Fact]
    public async Task Another_question_establishment_or_person_under_the_same_id_is_refused()
    {
        await using var world = await RightsWorld.StartAsync();
        var id = Records.NewId();
        var nir = world.Regimes.People.Case("cnam").Nir;
        await world.Host.AskAsync(new { id, nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        (object Question, TestCaller? Caller)[] others =
        [
            (new { id, nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "cnam" }, null),
            (new { id, nir, reason = "patient-absent", regime = "cnam" }, null),
            (new { id, nir, reason = "emergency" }, null),
            (new { id, nir, reason = "emergency", regime = "cnam", careDate = "2024-01-01" }, null),
            (new { id, nir, reason = "emergency", regime = "cnam", birthRank = 1 }, null),
            (new { id, nir, reason = "emergency", regime = "cnam", refresh = true }, null),
            (new { id, nir, reason = "emergency", regime = "cnam" }, new TestCaller { Finess = "130786049" }),
            (new { id, nir, reason = "emergency", regime = "cnam" }, new TestCaller { Subject = "person-2" }),
        ];

        foreach (var (question, caller) in others)
        {
            var problem = await world.Host.AskAsync(question, caller).ProblemAsync();
            Assert.Equal((409, "id-of-another-question"), (problem.Status, problem.Code));
        }
    }

    [Fact]
    public async Task At_the_same_moment_one_id_is_asked_and_answered_once()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

        var bodies = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => await (await world.Host.AskAsync(question)).BytesAsync()));

        Assert.Single(bodies.Select(Encoding.UTF8.GetString).Distinct());
        Assert.Equal(1, await world.Host.CountAsync(question.id, RecordKind.Answered));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task Through_two_processes_at_the_same_moment_one_id_has_one_answer()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var other = await world.StartHostAsync();

        for (var round = 0; round < 8; round++)
        {
            var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

            var bodies = await Task.WhenAll(new[] { world.Host, other, world.Host, other }.Select(async host => await (await host.AskAsync(question)).BytesAsync()));

            Assert.Single(bodies.Select(Encoding.UTF8.GetString).Distinct());
            Assert.Equal(1, await world.Host.CountAsync(question.id, RecordKind.Answered));
        }
    }

    [Fact]
    public async Task A_caller_who_leaves_cancels_nothing()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = Registry.Timeout("cnam", "00:00:15"),
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:20" },
        });
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        using var leaving = new CancellationTokenSource();
        using var request = world.Host.Question(question);
        var asking = world.Host.Client.SendAsync(request, leaving.Token);
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Records.UntilAsync("the answer is in the journal", async () => await world.Host.CountAsync(question.id, RecordKind.Answered) == 1);
        Assert.Equal("Droits ouverts", (await world.Host.AskAsync(question).AnswerAsync()).Headline);
        Assert.Equal(1, world.Regimes.Calls("cnam"));
    }

    [Fact]
    public async Task Only_ones_own_consultations_are_listed_and_only_in_their_establishment_read()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        await world.Host.AskAsync(new { question.nir, reason = "patient-absent", regime = "cnam" }).AnswerAsync();

        var mine = await ListAsync(world.Host, new TestCaller());
        var colleagues = await ListAsync(world.Host, new TestCaller { Subject = "person-2" });
        var elsewhere = await world.Host.GetAsync($"/api/consultations/{question.id}", new TestCaller { Finess = "130786049" }).ProblemAsync();
        using var colleague = await world.Host.GetAsync($"/api/consultations/{question.id}", new TestCaller { Subject = "person-2" });

        Assert.Equal(["patient-absent", "emergency"], mine.Select(c => c.Reason));
        Assert.Equal(question.id, mine[1].Id);
        Assert.Empty(colleagues);
        Assert.Equal((404, "consultation-not-found"), (elsewhere.Status, elsewhere.Code));
        await colleague.BytesAsync();
        Assert.Equal("person-2", Assert.Single(await world.Host.RecordsAsync(question.id), r => r.Kind == RecordKind.Read).Subject);
    }

    private static async Task<Cdr.Contracts.Rights.ConsultationSummary[]> ListAsync(RightsHost host, TestCaller caller) =>
        System.Text.Json.JsonSerializer.Deserialize<Cdr.Contracts.Rights.ConsultationSummary[]>(
            await (await host.GetAsync("/api/consultations?last=10", caller)).BytesAsync(), System.Text.Json.JsonSerializerOptions.Web)!;
}
