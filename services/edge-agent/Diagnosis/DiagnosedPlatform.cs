using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Resident;
using Refit;

namespace Cdr.EdgeAgent.Diagnosis;

/// <summary>Whether the platform answers, and what its policy of the day says of this post.</summary>
internal static class DiagnosedPlatform
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether it answers, and how far this machine's clock is from its own.</summary>
    public static async Task<object> TellAsync(AgentSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Platform is not { } address)
            return new { set = false, words = $"{AgentWords.NoPlatform.Words} {AgentWords.NoPlatform.Next}" };
        using var client = Client(address);
        try
        {
            using var response = await client.GetAsync(new Uri(".well-known/jwks.json", UriKind.Relative), cancellationToken);
            var skew = response.Headers.Date is { } date ? (TimeProvider.System.GetUtcNow() - date).TotalSeconds : (double?)null;
            return new { set = true, answers = true, status = (int)response.StatusCode, clockAheadSeconds = skew is { } seconds ? Math.Round(seconds) : (double?)null };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new { set = true, answers = false, error = (e as HttpRequestException)?.HttpRequestError.ToString() ?? "Timeout" };
        }
    }

    /// <summary>The verdict, for each family of cards, of the policy that would be asked at a sign-in now.</summary>
    public static async Task<DiagnosedPolicy> PolicyAsync(AgentSettings settings, PostReport report, CancellationToken cancellationToken)
    {
        if (settings.Platform is not { } address)
            return new DiagnosedPolicy("platform-unset");
        using var client = Client(address);
        try
        {
            var told = await RestService.ForGenerated<IPostsApi>(client, new RefitSettings()).JudgeAsync(report, cancellationToken);
            return new DiagnosedPolicy("told") { Version = told.Policy, On = told.On, Verdicts = told.Verdicts, Words = told.Words };
        }
        catch (ApiException refused)
        {
            return new DiagnosedPolicy(refused.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => "platform-refused",
                // A platform from before it told.
                HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => "platform-older",
                // A proxy's own page, or a fault.
                _ => "platform-unexpected",
            }) { Status = (int)refused.StatusCode };
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new DiagnosedPolicy("platform-silent");
        }
    }

    private static HttpClient Client(Uri address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = Patience };
}

/// <param name="State"><c>told</c>; <c>platform-unset</c>, <c>platform-silent</c>, <c>platform-refused</c>, <c>platform-older</c>, <c>platform-unexpected</c>, <c>post-unknown</c>: nobody could say.</param>
internal sealed record DiagnosedPolicy(string State)
{
    public string? Version { get; init; }

    /// <summary>Of HTTP, where it was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Its day.</summary>
    public DateOnly? On { get; init; }

    /// <summary>One a family of cards.</summary>
    public IReadOnlyList<JudgedPost>? Verdicts { get; init; }

    /// <summary>What the codes mean and what to do.</summary>
    public IReadOnlyList<PostWarning>? Words { get; init; }
}
