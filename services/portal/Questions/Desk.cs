using System.Net.ServerSentEvents;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Portal.Identity;

namespace Cdr.Portal.Questions;

/// <summary>
/// Asks, and tells what each regime says as it says it. The id of a question is chosen here and stays the same until it is answered, or
/// for two minutes: asked again after a cut, it is one consultation; asked hours later, it is another, that the regimes answer anew.
/// </summary>
internal sealed class Desk(Caller caller, TimeProvider clock)
{
    /// <value>Longer than the regimes' longest deadline.</value>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public static readonly TimeSpan SameQuestion = TimeSpan.FromMinutes(2);

    private ConsultationRequest? unanswered;
    private DateTimeOffset chosenAt;

    /// <summary>The question with its id: its own, the one it was asked under a moment ago, or a new one.</summary>
    public ConsultationRequest Identify(ConsultationRequest question)
    {
        var now = clock.GetUtcNow();
        if (question.Id is not null)
            (unanswered, chosenAt) = (question, now);
        else if (unanswered is null || now - chosenAt >= SameQuestion || unanswered with { Id = null } != question)
            (unanswered, chosenAt) = (question with { Id = Guid.CreateVersion7(now) }, now);
        return unanswered;
    }

    /// <param name="question">With its id.</param>
    /// <param name="started">Told which regimes it is asked of.</param>
    /// <param name="heard">Told what each said.</param>
    /// <param name="cancellationToken">Leaves; the question goes on.</param>
    public async Task<Reply<ConsultationAnswer>> AskAsync(ConsultationRequest question, Action<ConsultationStarted> started, Action<RegimeState> heard, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var reply = await caller.RightsAsync(rights => rights.AskAsync(question, "text/event-stream", linked.Token), linked.Token);
            if (reply is not Reply<HttpResponseMessage>.Ok { Value: var response })
                return Forward(reply);
            using (response)
            {
                var answer = await ListenAsync(response, started, heard, linked.Token);
                if (answer is Reply<ConsultationAnswer>.Ok)
                    unanswered = null;
                return answer;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Reply<ConsultationAnswer>.Refused(Trouble.Silence);
        }
    }

    private Reply<ConsultationAnswer> Forward(Reply<HttpResponseMessage> reply)
    {
        if (reply is not Reply<HttpResponseMessage>.Refused refused)
            return new Reply<ConsultationAnswer>.Ended();
        // A refused question was not asked, and one whose id belongs to another needs an id of its own.
        if (refused.Trouble.Status is 400 or 409)
            unanswered = null;
        return new Reply<ConsultationAnswer>.Refused(refused.Trouble);
    }

    private async Task<Reply<ConsultationAnswer>> ListenAsync(HttpResponseMessage response, Action<ConsultationStarted> started, Action<RegimeState> heard, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return Answer(await JsonSerializer.DeserializeAsync<ConsultationAnswer>(stream, JsonSerializerOptions.Web, cancellationToken));
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            switch (item.EventType)
            {
                case ConsultationEvents.Started:
                    started(JsonSerializer.Deserialize<ConsultationStarted>(item.Data, JsonSerializerOptions.Web)!);
                    break;
                case ConsultationEvents.Regime:
                    heard(JsonSerializer.Deserialize<RegimeState>(item.Data, JsonSerializerOptions.Web)!);
                    break;
                case ConsultationEvents.Answer:
                    return Answer(JsonSerializer.Deserialize<ConsultationAnswer>(item.Data, JsonSerializerOptions.Web));
                case ConsultationEvents.Problem:
                    return await ProblemAsync(Trouble.Read(503, item.Data), cancellationToken);
            }
        }

        // Cut before its end: asked again with the same id, the stored answer comes back.
        return new Reply<ConsultationAnswer>.Refused(Trouble.Silence);
    }

    private async Task<Reply<ConsultationAnswer>> ProblemAsync(Trouble trouble, CancellationToken cancellationToken)
    {
        if (trouble.Code != "session-ended")
            return new Reply<ConsultationAnswer>.Refused(trouble);
        await caller.EndAsync(cancellationToken);
        return new Reply<ConsultationAnswer>.Ended();
    }

    private static Reply<ConsultationAnswer> Answer(ConsultationAnswer? answer) =>
        answer is null ? new Reply<ConsultationAnswer>.Refused(Trouble.Silence) : new Reply<ConsultationAnswer>.Ok(answer);
}
