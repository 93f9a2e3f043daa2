using System.Collections.Concurrent;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Mail;

/// <summary>As whom somebody reads their e-mail is as whom they came last: who changed their post is mailed nothing more of the one before.</summary>
internal sealed class FollowSessions(FollowedSessions followed, IDbContextFactory<SupportDb> contexts) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (Actor.From(context.HttpContext.User) is { } actor && !followed.Knows(actor))
        {
            await FollowAsync(actor, context.HttpContext.RequestAborted);
            followed.Remember(actor);
        }

        return await next(context);
    }

    private async Task FollowAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var before = db.MailAddresses.Where(row => row.Subject == actor.Subject && (row.Role != actor.Role || row.Establishment != actor.Establishment || row.Group != actor.Group));
        // Asked first: an embedded store takes one writer, and nearly nobody has changed.
        if (await before.AnyAsync(cancellationToken))
            await before.ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, actor.Role).SetProperty(row => row.Establishment, actor.Establishment).SetProperty(row => row.Group, actor.Group), cancellationToken);
    }
}

/// <summary>As whom this process saw somebody last: a page that is open asks every few seconds, as the same person.</summary>
internal sealed class FollowedSessions(TimeProvider clock)
{
    /// <summary>Another process may have seen them as somebody else since.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, (Actor Last, DateTimeOffset At)> seen = new(StringComparer.Ordinal);

    public bool Knows(Actor actor) =>
        seen.TryGetValue(actor.Subject, out var one) && (one.Last.Role, one.Last.Establishment, one.Last.Group) == (actor.Role, actor.Establishment, actor.Group) && (clock.GetUtcNow() - one.At).Duration() < Lasts;

    public void Remember(Actor actor)
    {
        if (seen.Count >= Most)
            seen.Clear();
        seen[actor.Subject] = (actor, clock.GetUtcNow());
    }
}
