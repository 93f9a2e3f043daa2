using System.ComponentModel.DataAnnotations;

namespace Cdr.Sessions.Posts;

/// <summary>What posts must have.</summary>
internal sealed class PostOptions
{
    public const string Section = "Sessions:Posts";

    /// <value>The policy, JSON, as <c>post-policy.json</c> in this program. Default: that one.</value>
    public string? PolicyFile { get; init; }

    /// <value>How long the last report of a post that is not heard of any more is kept. Default 180 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "1096.00:00:00")]
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(180);
}

/// <summary>A policy that cannot be read stops a start, not the first sign-in.</summary>
internal sealed class PostPolicyGuard(PostPolicy policy) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        policy.Rules.Count > 0 ? Task.CompletedTask : throw new InvalidOperationException("Sessions:Posts:PolicyFile holds no rule.");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
