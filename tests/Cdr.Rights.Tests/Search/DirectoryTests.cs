using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.Rights.Tests.Derivation;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Search;

/// <summary>What tells whom to ask first never tells what to answer.</summary>
public sealed class DirectoryTests : IAsyncLifetime
{
    private RightsWorld world = null!;
    private RightsHost host = null!;

    public async ValueTask InitializeAsync()
    {
        world = await RightsWorld.StartAsync();
        host = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Directory"] = $"{world.Regimes.Address}directory/", ["Search:DirectoryTimeout"] = "00:00:05" });
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task The_regime_it_names_is_asked_first_and_its_own_asking_is_noted()
    {
        var id = Records.NewId();

        var answer = await host.AskAsync(new { id, nir = world.Regimes.People.Case("senat").Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "senat", 1), (answer.Outcome, answer.Affiliations[0].Source.Regime, world.Regimes.AllCalls));
        Assert.Equal(["directory", "senat"], await host.LearntAsync(id));
    }

    [Fact]
    public async Task Of_a_person_whom_nothing_here_remembers_no_regime_learns_before_it_has_answered()
    {
        var said = new TaskCompletionSource<IReadOnlyList<RegimeId>>(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> order = [];

        var run = RunAsync(order, said.Task);

        Assert.Equal(["directory"], order);
        Assert.False(run.IsCompleted);
        said.SetResult([Senat]);
        await run;
        Assert.Equal(["directory", "senat"], order);
    }

    [Fact]
    public async Task Of_a_person_whose_regime_is_remembered_it_does_not_learn()
    {
        host.Services.GetRequiredService<PersonIndex>().Remember(world.Regimes.People.Case("senat").Nir, Senat);
        List<string> order = [];

        await RunAsync(order, Task.FromResult<IReadOnlyList<RegimeId>>([]));

        Assert.Equal(["senat"], order);
    }

    [Fact]
    public async Task The_second_question_about_a_person_is_asked_of_their_regime_alone()
    {
        var (question, id) = (new { nir = world.Regimes.People.Case("senat").Nir, reason = "emergency", refresh = true }, Records.NewId());
        await host.AskAsync(question).AnswerAsync();

        var again = await host.AskAsync(new { id, question.nir, question.reason, question.refresh }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, 1, 2), (again.Outcome, world.Regimes.Directory.Calls, world.Regimes.AllCalls));
        Assert.Equal(["senat"], await host.LearntAsync(id));
    }

    [Fact]
    public async Task Two_affiliations_it_names_are_both_seen()
    {
        var answer = await host.AskAsync(new { nir = world.Regimes.People.Case("two-regimes").Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Several, 2), (answer.Outcome, world.Regimes.AllCalls));
    }

    [Theory]
    [InlineData(RegimeMode.Failing)]
    [InlineData(RegimeMode.Garbage)]
    [InlineData(RegimeMode.Hanging)]
    public async Task In_trouble_it_is_done_without_and_left_alone_for_a_while(RegimeMode mode)
    {
        var impatient = await world.StartHostAsync(new Dictionary<string, string?> { ["Search:Directory"] = $"{world.Regimes.Address}directory/", ["Search:DirectoryTimeout"] = "00:00:00.100" });
        world.Regimes.Directory.Mode = mode;

        var answer = await impatient.AskAsync(new { nir = world.Regimes.People.Case("senat").Nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "senat"), (answer.Outcome, answer.Affiliations[0].Source.Regime));
        Assert.Empty(answer.Missing);
        Assert.True(world.Regimes.AllCalls > 1);
    }

    [Fact]
    public async Task Whom_it_does_not_know_is_searched_everywhere()
    {
        var nobody = world.Regimes.People.Cases.Single(c => c.Key == "unknown").Nir;

        var answer = await host.AskAsync(new { nir = nobody, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.NotFound, 17, 1), (answer.Outcome, world.Regimes.AllCalls, world.Regimes.Directory.Calls));
    }

    [Fact]
    public async Task A_wrong_index_costs_a_call_and_changes_no_answer()
    {
        var nir = world.Regimes.People.Case("cnam").Nir;
        world.Host.Services.GetRequiredService<PersonIndex>().Remember(nir, RegimeId.Parse("senat").Value);

        var answer = await world.Host.AskAsync(new { nir, reason = "emergency" }).AnswerAsync();

        Assert.Equal((ConsultationOutcome.Found, "cnam", 2), (answer.Outcome, answer.Affiliations[0].Source.Regime, world.Regimes.AllCalls));
    }

    [Fact]
    public async Task By_names_it_is_not_asked()
    {
        await host.AskAsync(new { names = new { familyName = "Lavandier", givenName = "Camille" }, birthDate = "1984-05-12", reason = "emergency" }).AnswerAsync();

        Assert.Equal(0, world.Regimes.Directory.Calls);
    }

    private static RegimeId Senat => RegimeId.Parse("senat").Value;

    /// <summary>Sénat alone knows the person, and says so at once; in which order who learnt of them.</summary>
    private Task<RegimeFinding[]> RunAsync(List<string> order, Task<IReadOnlyList<RegimeId>> said) => host.Services.GetRequiredService<RegimeSearch>().RunAsync(
        Asked.About(world.Regimes.People.Case("senat").Nir),
        (regime, _, _) =>
        {
            order.Add(regime.Id.Value);
            RegimeAnswer answer = regime.Id == Senat ? new RegimeAnswer.Found(Known.Rights) : new RegimeAnswer.Unknown();
            return Task.FromResult(new RegimeFinding(regime, answer, Freshness.Live, DateTimeOffset.UnixEpoch, 1, null));
        },
        _ => { },
        () =>
        {
            order.Add("directory");
            return said;
        },
        regime => order.Add($"{regime.Id} is looked at"));
}
