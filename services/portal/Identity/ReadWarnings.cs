using Cdr.ServiceDefaults.SharedState;

namespace Cdr.Portal.Identity;

/// <summary>
/// Whether what is wrong with the post was read in a session. Of the session, not of the person or the browser: whoever comes next is told, and the same person
/// with the next session.
/// </summary>
internal sealed class ReadWarnings(ISharedState shared)
{
    // No session lives longer.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Where nobody can say, they are told once more.</summary>
    public async Task<bool> AreReadAsync(SignedIn person, CancellationToken cancellationToken)
    {
        try
        {
            return await shared.GetAsync(Key(person), cancellationToken) is not null;
        }
        catch (SharedStateUnavailableException)
        {
            return false;
        }
    }

    public async Task KeepAsync(SignedIn person, CancellationToken cancellationToken)
    {
        try
        {
            await shared.SetAsync(Key(person), [1], Kept, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // The next page tells them again.
        }
    }

    private static string Key(SignedIn person) => $"cdr:portal:post-warnings-read:{person.Session}";
}
