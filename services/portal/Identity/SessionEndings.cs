using Cdr.Contracts.Sessions;
using Refit;

namespace Cdr.Portal.Identity;

/// <summary>Why a session ended, to be told to the person it was taken from.</summary>
internal sealed class SessionEndings([FromKeyedServices(PortalModule.Name)] ISessionLivenessApi liveness)
{
    /// <summary>When nobody says why.</summary>
    public const string Unsaid = "ended";

    /// <summary>Not an ending: the sign-in form had grown old.</summary>
    public const string OutdatedForm = "outdated-form";

    /// <summary>What there are words for.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. SessionEnds.All, Unsaid, OutdatedForm];

    /// <summary>One of the reasons there is a sentence for.</summary>
    public static string? Recognise(string? reason) => reason is null ? null : Known.Contains(reason, StringComparer.Ordinal) ? reason : Unsaid;

    public async Task<string> WhyAsync(Guid session, CancellationToken cancellationToken)
    {
        try
        {
            return Recognise((await liveness.LivenessAsync(session, cancellationToken)).EndedBecause) ?? Unsaid;
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException)
        {
            return Unsaid;
        }
    }
}
