using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Cards;

/// <summary>
/// Puts what came into the trust folder in force; each time, and when a list, a family or an issuer ends by itself, ends the sessions and
/// spends the waiting tickets of the cards that are trusted no more.
/// </summary>
internal sealed partial class TrustFollower(
    TrustStore store, DistributionPoints points, StillTrusted still, ListWatch lists, IDbContextFactory<SessionsDb> contexts, SessionCopies copies, TimeProvider clock, ILogger<TrustFollower> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private (Trust? Trust, string Issuers) examined;

    /// <summary>One look at the folder and at the clock.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        store.Refresh();
        if (store.Current() is not { } trust)
            return;
        lists.Tell(trust);
        // What is the same for all certificates of an issuer changes with the clock too.
        var issuers = string.Join(';', trust.Pinnings.Select(one => $"{one.Id} {still.WhyNot(trust, one.Id)?.Code}"));
        if (examined == (trust, issuers))
            return;
        foreach (var one in trust.Pinnings)
            points.Learn(one.Certificate, one.RootId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await SpendAsync(db, cancellationToken);
        await EndAsync(db, cancellationToken);
        // Only now: where the database was away, the next round looks again.
        examined = (trust, issuers);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRoundAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>A ticket that is redeemed meanwhile has become a session: its redemption asks once more when it is one.</summary>
    private async Task SpendAsync(SessionsDb db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var waiting = await db.Tickets.AsNoTracking().Where(ticket => ticket.UsedAt == null && ticket.ExpiresAt > now).Select(ticket => new { ticket.Hash, ticket.Card }).ToListAsync(cancellationToken);
        foreach (var ticket in waiting.Where(one => IsOver(one.Card)))
            await db.Tickets.Where(one => one.Hash == ticket.Hash && one.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancellationToken);
    }

    private async Task EndAsync(SessionsDb db, CancellationToken cancellationToken)
    {
        var live = await db.Sessions.AsNoTracking().Where(session => session.EndedAt == null).Select(session => new { session.Id, session.Card }).ToListAsync(cancellationToken);
        foreach (var session in live)
        {
            if (still.WhyNot(session.Card) is { } refusal && StillTrusted.EndOf(refusal) is { } because)
                await copies.EndAsync(db, session.Id, because, cancellationToken);
        }
    }

    private bool IsOver(ProvenCard card) => still.WhyNot(card) is { } refusal && StillTrusted.EndOf(refusal) is not null;

    private async Task TryRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RoundAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Failed(log, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Live sessions were not held against the trust in force; tried again in a second.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
