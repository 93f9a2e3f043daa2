using System.Net;
using System.Text.Json;

namespace Cdr.Client;

/// <summary>
/// CDR refused, in its own words (RFC 9457). It holds neither the question nor an answer, so that it can be logged whole:
/// an exception of Refit's own would keep the request, which names a person.
/// </summary>
public sealed class CdrProblemException : Exception
{
    private CdrProblemException(HttpStatusCode status, string? code)
        : base($"CDR answered {(int)status} {code ?? "without a problem's type"}.") => (Status, Code) = (status, code);

    /// <summary>503: not now, try again with the same id. 401: the token. 400: <see cref="Field"/> is wrong.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Stable: <c>person-missing, id-of-another-question, journal-unavailable…</c>; null when something on the way answered.</summary>
    public string? Code { get; }

    /// <summary>What is wrong, for the clerk, in French.</summary>
    public string? Title { get; private init; }

    /// <summary>What to do next.</summary>
    public string? Detail { get; private init; }

    /// <summary>The member of the question that is meant.</summary>
    public string? Field { get; private init; }

    /// <summary>Of a file of questions that was refused: each wrong line, and never what it says. Empty otherwise.</summary>
    public IReadOnlyList<CdrFault> Faults { get; private init; } = [];

    /// <summary>To be given to the hotline.</summary>
    public string? TraceId { get; private init; }

    /// <summary>How long to wait, where it says.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What a response is, when it is no success; null otherwise.</summary>
    internal static async ValueTask<Exception?> OfAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
            return null;
        return Of(response.StatusCode, await ReadAsync(response).ConfigureAwait(false), response.Headers.RetryAfter?.Delta);
    }

    /// <summary>Without what was read: it names a person.</summary>
    internal static CdrProblemException Unreadable(HttpStatusCode status) => new(status, "answer-unreadable")
    {
        Title = "La réponse n'est pas lisible.", Detail = "Cette version du client n'est plus celle de l'API : installez la dernière.",
    };

    internal static CdrProblemException Of(HttpStatusCode status, JsonElement problem, TimeSpan? retryAfter = null) => new(status, Text(problem, "code"))
    {
        Title = Text(problem, "title"), Detail = Text(problem, "detail"), Field = Text(problem, "field"), Faults = FaultsOf(problem), TraceId = Text(problem, "traceId"), RetryAfter = retryAfter,
    };

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return default;
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static List<CdrFault> FaultsOf(JsonElement problem)
    {
        List<CdrFault> faults = [];
        if (problem.ValueKind != JsonValueKind.Object || !problem.TryGetProperty("faults", out var all) || all.ValueKind != JsonValueKind.Array)
            return faults;
        foreach (var one in all.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Number && line.TryGetInt32(out var number) && Text(one, "code") is { } code)
                faults.Add(new CdrFault(number, Text(one, "field"), code, Text(one, "message")));
        }

        return faults;
    }

    private static string? Text(JsonElement problem, string member) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>What is wrong with one line of a file.</summary>
/// <param name="Line">Number of the question, from 1.</param>
/// <param name="Field">The member that is meant; null where the line as a whole is wrong.</param>
/// <param name="Code">Stable.</param>
/// <param name="Message">For the clerk, in French.</param>
public sealed record CdrFault(int Line, string? Field, string Code, string? Message);
