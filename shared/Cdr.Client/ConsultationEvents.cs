using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Cdr.Client;

/// <summary>One step of an answer: a regime's state, or at the end the answer.</summary>
/// <param name="Regime">What one regime said.</param>
/// <param name="Answer">The last event's.</param>
public sealed record ConsultationEvent(RegimeState? Regime, ConsultationAnswer? Answer)
{
    /// <summary>Masked: an answer names a person.</summary>
    public override string ToString() => nameof(ConsultationEvent);
}

/// <summary>The answer as it comes.</summary>
public static class ConsultationEvents
{
    /// <summary>Asks, and shows each regime as it answers, the answer last; a refusal, before or on the way, is a <see cref="CdrProblemException"/>.</summary>
    /// <exception cref="HttpRequestException">The connection was lost before the answer, whatever came until then: the same question is to be sent again.</exception>
    public static async IAsyncEnumerable<ConsultationEvent> AskRightsByStepsAsync(
        this IRightsApi rights, ConsultationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rights);
        using var response = await rights.AskRightsAsEventsAsync(request, cancellationToken).ConfigureAwait(false);
        if (await CdrProblemException.OfAsync(response).ConfigureAwait(false) is { } refused)
            throw refused;
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw CdrProblemException.Unreadable(response.StatusCode);
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var items = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var disposing = items.ConfigureAwait(false);
        ConsultationEvent step;
        do
        {
            step = await NextAsync(items, response.StatusCode).ConfigureAwait(false);
            yield return step;
        }
        while (step.Answer is null);
    }

    /// <summary>The next step that this version knows.</summary>
    private static async Task<ConsultationEvent> NextAsync(IAsyncEnumerator<SseItem<string>> items, HttpStatusCode status)
    {
        try
        {
            while (await items.MoveNextAsync().ConfigureAwait(false))
            {
                if (Step(items.Current) is { } step)
                    return step;
            }
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or IOException)
        {
            throw CdrClient.Reading(failure, status);
        }

        // Something on the way closed it in good form; CDR ends with the answer or a problem.
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The steps ended before the answer.");
    }

    private static ConsultationEvent? Step(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "regime":
                return new ConsultationEvent(Read<RegimeState>(item.Data), null);
            case "answer":
                return new ConsultationEvent(null, Read<ConsultationAnswer>(item.Data));
            case "problem":
                var problem = Read<JsonElement>(item.Data);
                if (problem.ValueKind != JsonValueKind.Object)
                    throw new JsonException();
                throw CdrProblemException.Of(
                    problem.TryGetProperty("status", out var status) ? Read<HttpStatusCode>(status.GetRawText()) : HttpStatusCode.ServiceUnavailable, problem);
            default:
                return null;
        }
    }

    private static T Read<T>(string data) => JsonSerializer.Deserialize<T>(data, CdrClient.Json) ?? throw new JsonException();
}
