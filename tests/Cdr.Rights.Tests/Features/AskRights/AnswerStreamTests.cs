using System.Net;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cdr.Rights.Tests.Features.AskRights;

/// <summary>The answer as events.</summary>
public sealed class AnswerStreamTests
{
    [Fact]
    public async Task It_starts_tells_each_regime_once_and_ends_with_the_very_bytes_of_the_answer()
    {
        await using var world = await RightsWorld.StartAsync();
        var id = Records.NewId();

        var events = await world.Host.AskForEventsAsync(new { id, nir = world.Regimes.People.Case("enim").Nir, reason = "emergency", exhaustive = true }).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(19, events.Count);
        Assert.Equal(ConsultationEvents.Started, events[0].Name);
        Assert.Contains(id.ToString(), Encoding.UTF8.GetString(events[0].Data), StringComparison.Ordinal);
        Assert.Equal(Registry.Ids.Order(), events.Where(e => e.Name == ConsultationEvents.Regime).Select(e => e.State.Regime).Order());
        Assert.Equal(ConsultationEvents.Answer, events[^1].Name);
        using var read = await world.Host.GetAsync($"/api/consultations/{id}");
        Assert.Equal(await read.BytesAsync(), events[^1].Data);
    }

    [Fact]
    public async Task What_a_regime_said_is_shown_only_once_a_record_of_it_is_durable()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["senat"] = RegimeMode.Slow;
        var id = Records.NewId();
        List<string> shownBeforeTheEnd = [];

        await foreach (var told in world.Host.AskForEventsAsync(new { id, nir = world.Regimes.People.Case("enim").Nir, reason = "emergency", exhaustive = true }))
        {
            if (told.Name != ConsultationEvents.Regime)
                continue;
            var records = await world.Host.RecordsAsync(id);
            Assert.Contains(told.State.Regime, records.Where(r => r.Kind == RecordKind.Asked).SelectMany(r => r.Regimes.Split(';')));
            if (records.Any(r => r.Kind == RecordKind.Answered))
                continue;
            shownBeforeTheEnd.Add(told.State.Regime);
            if (told.State.Outcome == RegimeOutcome.Found)
                Assert.Contains(records, r => r.Kind == RecordKind.Shown && r.Regimes.StartsWith(told.State.Regime, StringComparison.Ordinal));
        }

        Assert.Contains("enim", shownBeforeTheEnd);
    }

    [Fact]
    public async Task A_journal_that_refuses_shows_nothing_of_the_person()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Services = services => services.Replace(ServiceDescriptor.Singleton<IJournalStore, RefusingStore>()) });
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency" };

        var events = await world.Host.AskForEventsAsync(question).ToListAsync(TestContext.Current.CancellationToken);
        var problem = await world.Host.AskAsync(question).ProblemAsync();

        Assert.Equal(ConsultationEvents.Problem, events[^1].Name);
        Assert.Contains("journal-unavailable", Encoding.UTF8.GetString(events[^1].Data), StringComparison.Ordinal);
        Assert.DoesNotContain(events, e => e.Name == ConsultationEvents.Answer);
        Assert.DoesNotContain(events, e => e.Name == ConsultationEvents.Regime && e.State.Outcome is RegimeOutcome.Found or RegimeOutcome.Unknown);
        Assert.Equal((503, "journal-unavailable"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_words_of_a_regime_that_refuses_are_told_with_the_durable_answer_and_not_before(bool isDurable)
    {
        const string words = "M. Lavandier est en litige";
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Services = services =>
            {
                if (!isDurable)
                    services.Replace(ServiceDescriptor.Singleton<IJournalStore, RefusingStore>());
                services.AddHttpClient(RegimeHttpClients.NameOf(RegimeId.Parse("cnam").Value)).ConfigurePrimaryHttpMessageHandler(() => new RefusingRegime(words));
            },
        });

        var events = await world.Host.AskForEventsAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).ToListAsync(TestContext.Current.CancellationToken);

        var told = Assert.Single(events, e => e.Name == ConsultationEvents.Regime).State;
        Assert.Equal((RegimeOutcome.Unavailable, "refused", "A refusé la question."), (told.Outcome, told.Reason, told.Message));
        if (isDurable)
            Assert.Equal("A refusé la question : " + words, Reading.Answer(events[^1].Data).Regimes[0].Message);
        else
            Assert.DoesNotContain(events, e => Encoding.UTF8.GetString(e.Data).Contains("Lavandier", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_lost_the_stream_gets_the_same_answer_by_the_same_id()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["senat"] = RegimeMode.Slow;
        var question = new { id = Records.NewId(), nir = world.Regimes.People.Case("enim").Nir, reason = "emergency", exhaustive = true };
        await foreach (var told in world.Host.AskForEventsAsync(question))
        {
            if (told.Name == ConsultationEvents.Regime)
                break;
        }

        var joined = await world.Host.AskForEventsAsync(question).ToListAsync(TestContext.Current.CancellationToken);
        var again = await world.Host.AskForEventsAsync(question).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(17, joined.Count(e => e.Name == ConsultationEvents.Regime));
        Assert.Equal((ConsultationEvents.Answer, ConsultationEvents.Answer), (joined[^1].Name, again[^1].Name));
        Assert.Equal(joined[^1].Data, again[^1].Data);
        Assert.Equal(17, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task A_refused_question_is_a_problem_and_no_stream()
    {
        await using var world = await RightsWorld.StartAsync();

        using var response = await world.Host.AskAsync(new { nir = "1", reason = "emergency" }, accept: "text/event-stream");

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    private sealed class RefusingRegime(string words) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StringContent($$$"""{"statut":"ERREUR","erreur":{"code":"LITIGE","libelle":"{{{words}}}"}}""", Encoding.UTF8, "application/json"),
        });
    }

    private sealed class RefusingStore : IJournalStore
    {
        public Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken) =>
            Task.FromException(new TimeoutException());
    }
}
