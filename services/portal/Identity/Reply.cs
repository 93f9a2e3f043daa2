using System.Text.Json;
using Cdr.Contracts.Rights;
using Refit;

namespace Cdr.Portal.Identity;

/// <summary>What a service replied to a page.</summary>
internal abstract record Reply<T>
{
    public sealed record Ok(T Value) : Reply<T>;

    /// <summary>It said no, or nothing: the page says why, and what to do.</summary>
    public sealed record Refused(Trouble Trouble) : Reply<T>;

    /// <summary>The session is over: the page is being hidden.</summary>
    public sealed record Ended : Reply<T>;
}

/// <summary>A problem (RFC 9457) as a page shows it.</summary>
/// <param name="Status">HTTP status; 0 when nobody answered.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Detail">What to do next.</param>
/// <param name="Field">Field of the question at fault.</param>
/// <param name="Position">Zero-based place in that field.</param>
/// <param name="TriesLeft">Tries left of a card's PIN.</param>
/// <param name="TraceId">What the hotline asks for.</param>
public sealed record Trouble(int Status, string? Code, string? Title, string? Detail, string? Field = null, int? Position = null, int? TriesLeft = null, string? TraceId = null)
{
    /// <summary>Of a file of questions: its first wrong lines.</summary>
    public IReadOnlyList<BatchFault>? Faults { get; init; }

    /// <summary>How many lines are wrong.</summary>
    public int? FaultCount { get; init; }

    /// <summary>Where a file cannot be read: its line, from 1.</summary>
    public long? FileLine { get; init; }

    /// <summary>In CSV: the column, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>Nobody answered.</summary>
    public static Trouble Silence { get; } = new(0, "silent", null, null);

    /// <summary>Support did not: nothing is said of rights.</summary>
    public static Trouble SupportSilence { get; } = Silence with { SilenceText = "SupportSilentDetail" };

    /// <summary>Name of the text that says what a silence means.</summary>
    internal string SilenceText { get; init; } = "SilentDetail";

    /// <summary>Refused by Sessions: its words send to the hotline with the code.</summary>
    internal bool FromSessions { get; init; }

    /// <summary>What the hotline is told. What was typed wrong the person mends alone, and a silence has no code.</summary>
    internal string? HotlineCode => Status is 0 or 400 || Code is "pin-wrong" or "package-credentials-wrong" ? null : Code;

    internal static Trouble Of(ApiException refusal) => Read((int)refusal.StatusCode, refusal.Content);

    internal static async Task<Trouble> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Read((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));

    internal static Trouble Read(int status, string? json)
    {
        try
        {
            return JsonSerializer.Deserialize<Trouble>(json ?? "", JsonSerializerOptions.Web)! with { Status = status };
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing.
            return new Trouble(status, null, null, null);
        }
    }
}
