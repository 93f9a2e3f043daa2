using Cdr.Contracts.Rights;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Features.AskRights;

/// <summary>No regime hears of a question whose session is not alive.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task An_ended_session_is_told_so_and_asks_and_keeps_nothing(string accept)
    {
        await using var world = await RightsWorld.StartAsync();
        var caller = new TestCaller();
        world.Tokens.End(caller.Session!.Value);
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };

        var problem = await world.Host.AskAsync(question, caller, accept).ProblemAsync();

        Assert.Equal((401, "session-ended"), (problem.Status, problem.Code));
        Assert.Equal(0, world.Regimes.AllCalls);
        var answer = await world.Host.AskAsync(question).AnswerAsync();
        Assert.Equal(Freshness.Live, answer.Affiliations[0].Source.Freshness);
    }

    [Fact]
    public async Task An_ended_session_gets_no_kept_answer_either()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await world.Host.AskAsync(question).AnswerAsync();
        var caller = new TestCaller();
        world.Tokens.End(caller.Session!.Value);

        var again = await world.Host.AskAsync(question, caller).ProblemAsync();
        var cached = await world.Host.AskAsync(new { question.nir, question.reason, question.regime }, caller).ProblemAsync();

        Assert.Equal((401, 401), (again.Status, cached.Status));
        Assert.Equal(1, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task When_nobody_can_vouch_for_the_session_nothing_is_asked()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        // The keys of tokens are known from here on.
        await world.Host.AskAsync(new { nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "msa" }).AnswerAsync();
        world.Tokens.Silent = true;

        var problem = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).ProblemAsync();

        Assert.Equal((503, "session-unknown"), (problem.Status, problem.Code));
        Assert.Equal(0, world.Regimes.Calls("cnam"));
        world.Tokens.Silent = false;
        await Records.UntilAsync("questions are answered again", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync()).Outcome == ConsultationOutcome.Found);
    }
}
