using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Testing;

namespace Cdr.EndToEnd.Tests.Journeys;

public sealed class ApiJourneyTests(Platforms platforms)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_clerk_asks_without_choosing_a_regime_reads_the_same_bytes_again_and_is_counted(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Journeys, Cancellation);
        var before = await clerk.CountedAsync(Cancellation);

        var question = Person.Cnam.Question();
        using var asked = await clerk.AskAsync(question, Cancellation);
        var bytes = await BytesAsync(asked);
        var answer = JsonSerializer.Deserialize<ConsultationAnswer>(bytes, JsonSerializerOptions.Web)!;
        Assert.Equal(question.Id, answer.Id);
        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal(17, answer.Regimes.Count);
        Assert.Equal("cnam", Assert.Single(answer.Affiliations).Source.Regime);

        using var again = await clerk.ReadAsync(answer.Id, Cancellation);
        Assert.Equal(bytes, await BytesAsync(again));
        using var repeated = await clerk.AskAsync(question, Cancellation);
        Assert.Equal(bytes, await BytesAsync(repeated));

        var (regimes, streamed) = await StreamAsync(clerk, Person.Msa.Question());
        Assert.Equal(17, regimes.Distinct().Count());
        using var read = await clerk.ReadAsync(JsonSerializer.Deserialize<ConsultationAnswer>(streamed, JsonSerializerOptions.Web)!.Id, Cancellation);
        Assert.Equal(streamed, await read.Content.ReadAsStringAsync(Cancellation));

        await Deadline.UntilAsync("both consultations are counted", TimeSpan.FromSeconds(120), async () => await clerk.CountedAsync(Cancellation) == before + 2, Cancellation);

        using var signedOut = await clerk.SignOutAsync(Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);
        using var late = await clerk.ReadAsync(answer.Id, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        using var lateQuestion = await clerk.AskAsync(Person.Cnam.Question(), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, lateQuestion.StatusCode);
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_regime_that_fails_is_told_apart_from_one_that_does_not_know(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, Cancellation);
        using var simulator = new HttpClient { BaseAddress = platform.Simulator };
        using var switched = await simulator.PostAsync("simulator/regimes/mgen/mode", new StringContent("""{"mode":"failing"}""", Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, switched.StatusCode);
        try
        {
            using var asked = await clerk.AskAsync(Person.Nobody.Question(refresh: true), Cancellation);
            var answer = JsonSerializer.Deserialize<ConsultationAnswer>(await BytesAsync(asked), JsonSerializerOptions.Web)!;
            Assert.Equal(ConsultationOutcome.Incomplete, answer.Outcome);
            Assert.Equal(RegimeOutcome.Unavailable, answer.Regimes.Single(regime => regime.Regime == "mgen").Outcome);
        }
        finally
        {
            using var reset = await simulator.PostAsync("simulator/reset", null, Cancellation);
        }
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task Nothing_inside_is_reached_through_the_door_without_being_a_service(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, Cancellation);

        foreach (var path in (string[])["internal/journals", $"internal/sessions/{clerk.Grant.Session}"])
        {
            using var response = await clerk.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.NotFound]);
        }
    }

    private static async Task<byte[]> BytesAsync(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        return await response.Content.ReadAsByteArrayAsync(Cancellation);
    }

    private static async Task<(List<string> Regimes, string Answer)> StreamAsync(Clerk clerk, ConsultationRequest question)
    {
        using var response = await clerk.AskAsync(question, Cancellation, "text/event-stream");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = await SseParser.Create(await response.Content.ReadAsStreamAsync(Cancellation)).EnumerateAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(ConsultationEvents.Started, events[0].EventType);
        Assert.Equal(ConsultationEvents.Answer, events[^1].EventType);
        var regimes = events.Where(one => one.EventType == ConsultationEvents.Regime).Select(one => JsonSerializer.Deserialize<RegimeState>(one.Data, JsonSerializerOptions.Web)!.Regime);
        return ([.. regimes], events[^1].Data);
    }
}
