using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Mail;

/// <summary>As whom somebody reads their e-mail is as whom they came last: who changed their post is mailed nothing more of the one before.</summary>
internal sealed class FollowSessions(IDbContextFactory<SupportDb> contexts) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (Actor.From(context.HttpContext.User) is { } actor)
            await FollowAsync(actor, context.HttpContext.RequestAborted);
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
