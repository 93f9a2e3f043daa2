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
    /// <summary>Asks, and shows each regime as it answers; a refusal, before or on the way, is a <see cref="CdrProblemException"/>.</summary>
    public static async IAsyncEnumerable<ConsultationEvent> AskRightsByStepsAsync(
        this IRightsApi rights, ConsultationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rights);
        using var response = await rights.AskRightsAsEventsAsync(request, cancellationToken).ConfigureAwait(false);
        if (await CdrProblemException.OfAsync(response).ConfigureAwait(false) is { } refused)
            throw refused;
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var one in SseParser.Create(stream).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (one.EventType)
            {
                case "regime":
                    yield return new ConsultationEvent(JsonSerializer.Deserialize<RegimeState>(one.Data, CdrClient.Json), null);
                    break;
                case "answer":
                    yield return new ConsultationEvent(null, JsonSerializer.Deserialize<ConsultationAnswer>(one.Data, CdrClient.Json));
                    break;
                case "problem":
                    using (var problem = JsonDocument.Parse(one.Data))
                        throw CdrProblemException.Of(problem.RootElement.TryGetProperty("status", out var status) ? (HttpStatusCode)status.GetInt32() : HttpStatusCode.ServiceUnavailable, problem.RootElement);
            }
        }
    }
}
