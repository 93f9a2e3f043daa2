using System.Threading.Channels;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.SignIn;

namespace Cdr.EdgeAgent.Monitoring;

/// <summary>A session that a card of this post opened.</summary>
/// <param name="Opening">As the platform opened it.</param>
/// <param name="Slot">Where its card lies.</param>
/// <param name="StartedAt">UTC.</param>
internal sealed record KeptSession(Opening Opening, Slot Slot, DateTimeOffset StartedAt);

/// <summary>
/// Keeps a session as long as its card is there, and not a moment longer. A card that leaves ends it at once. A monitor that fails says
/// nothing of the card: the platform is told so at once, and hides the session; it ends after 15 s unless the same card is proven present.
/// </summary>
internal sealed class SessionKeeper(KeptSession session, Platform platform, AgentKey key, TimeProvider clock, Func<Slot, CardProof> prove)
{
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(15);

    // After this the platform has ended it by itself.
    private static readonly TimeSpan Insistence = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Where nobody could answer one. Not all posts at the same moment: what stopped may have stopped for all of them.
    private static readonly TimeSpan HeartbeatAgain = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(4);

    // Said again while it lasts: the session may have been redeemed since, or the shared state have forgotten.
    private static readonly TimeSpan DoubtAgain = TimeSpan.FromSeconds(2);

    private readonly Channel<object> inbox = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private Slot slot = session.Slot;
    private DateTimeOffset? doubtfulSince;

    public KeptSession Session => session;

    /// <summary>Whether its card is known to be in the reader.</summary>
    public bool IsCertain => doubtfulSince is null;

    public void Tell(MonitorNews news) => inbox.Writer.TryWrite(news);

    /// <summary>Ends it: one of <see cref="AgentStatements"/>.</summary>
    public void End(string because) => inbox.Writer.TryWrite(because);

    /// <summary>Until it ends; why.</summary>
    public async Task<string> RunAsync()
    {
        (string Reason, bool ByPlatform) because;
        using (var over = new CancellationTokenSource())
        {
            because = await KeepAsync(over.Token);
            // A heartbeat that still hangs has nothing more to say.
            await over.CancelAsync();
        }

        if (because.ByPlatform)
            return because.Reason;
        await TellEndAsync(because.Reason);
        return because.Reason;
    }

    private async Task<(string Reason, bool ByPlatform)> KeepAsync(CancellationToken over)
    {
        var heartbeat = session.Opening.Heartbeat > 0 ? TimeSpan.FromSeconds(session.Opening.Heartbeat) : Timeout.InfiniteTimeSpan;
        var next = heartbeat == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock.GetUtcNow() + heartbeat;
        // The heartbeats keep their own times, however often one is said again.
        var again = DateTimeOffset.MaxValue;
        while (true)
        {
            var beat = again < next ? again : next;
            var due = doubtfulSince + Doubt is { } end && end < beat ? end : beat;
            switch (await NextAsync(due))
            {
                case string reason:
                    return (reason, false);
                case EndedByPlatform ended:
                    return (ended.Reason, true);
                case Unheard when doubtfulSince is null:
                    again = clock.GetUtcNow() + HeartbeatAgain + Spread * Random.Shared.NextDouble();
                    break;
                case MonitorNews.Lost:
                    if (doubtfulSince is null)
                        (doubtfulSince, next) = (clock.GetUtcNow(), Now(heartbeat));
                    break;
                case MonitorNews.Seen seen:
                    var certain = IsCertain;
                    if (Look(seen) is { } gone)
                        return (gone, false);
                    // The page is waiting to be shown again.
                    if (IsCertain && !certain)
                        next = Now(heartbeat);
                    break;
                case null when doubtfulSince + Doubt <= clock.GetUtcNow():
                    return (AgentStatements.ReaderLost, false);
                case null when doubtfulSince is not null:
                    _ = SayAsync(AgentStatements.Doubtful, DoubtAgain, over);
                    next = clock.GetUtcNow() + DoubtAgain;
                    break;
                case null:
                    // Not awaited: a platform or a proxy that hangs must not keep a withdrawal waiting.
                    _ = SayAsync(AgentStatements.Present, heartbeat, over);
                    again = DateTimeOffset.MaxValue;
                    if (next <= clock.GetUtcNow())
                        next = clock.GetUtcNow() + heartbeat;
                    break;
            }
        }
    }

    private DateTimeOffset Now(TimeSpan heartbeat) => heartbeat == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock.GetUtcNow();

    /// <summary>Why the session is over; null: it is not.</summary>
    private string? Look(MonitorNews.Seen seen)
    {
        var now = seen.Slots.FirstOrDefault(one => one.Reader == slot.Reader);
        if (doubtfulSince is null)
            return now is not null && now.Insertion == slot.Insertion ? null : AgentStatements.Withdrawn;
        // The service is back, but the reader may take its time: until the doubt has lasted too long, an empty slot is no withdrawal.
        if (now is not { HasCard: true })
            return null;
        switch (prove(now))
        {
            case CardProof.Same:
                (slot, doubtfulSince) = (now, null);
                return null;
            case CardProof.Another:
                return AgentStatements.Withdrawn;
            default:
                return null;
        }
    }

    /// <summary>What was told, or null once the time has come.</summary>
    private async Task<object?> NextAsync(DateTimeOffset due)
    {
        if (inbox.Reader.TryRead(out var told))
            return told;
        using var waiting = new CancellationTokenSource();
        var arrived = inbox.Reader.WaitToReadAsync(waiting.Token).AsTask();
        if (due != DateTimeOffset.MaxValue)
        {
            var left = due - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
                return null;
            using var late = new CancellationTokenSource();
            if (await Task.WhenAny(arrived, Task.Delay(left, clock, late.Token)) != arrived)
            {
                await waiting.CancelAsync();
                return null;
            }

            await late.CancelAsync();
        }

        await arrived;
        return inbox.Reader.TryRead(out told) ? told : null;
    }

    /// <summary>States it once, for as long as the next one is not due; an end that the platform tells goes where news go.</summary>
    private async Task SayAsync(string kind, TimeSpan patience, CancellationToken over)
    {
        var statement = key.State(platform.Origin, session.Opening.Session, kind, session.Slot.Insertion);
        using var late = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, over);
        try
        {
            switch (await platform.StateAsync(statement, either.Token))
            {
                case PlatformReply<PresenceAnswer>.Ok { Value: { State: "ended" } answer }:
                    inbox.Writer.TryWrite(new EndedByPlatform(answer.EndedBecause ?? "unknown"));
                    break;
                case PlatformReply<PresenceAnswer>.Silent:
                case PlatformReply<PresenceAnswer>.Refused { Why.IsPassing: true }:
                    inbox.Writer.TryWrite(new Unheard());
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody answered, or nobody asks any more.
        }
    }

    private async Task TellEndAsync(string because)
    {
        for (var began = clock.GetUtcNow(); ;)
        {
            var statement = key.State(platform.Origin, session.Opening.Session, because, session.Slot.Insertion);
            if (session.Opening.Session != Guid.Empty && await platform.StateAsync(statement, CancellationToken.None) is PlatformReply<PresenceAnswer>.Ok)
                return;
            // By its ticket too: either ends it.
            if (await platform.WithdrawAsync(session.Opening.Ticket, CancellationToken.None) is PlatformReply<bool>.Ok || clock.GetUtcNow() - began > Insistence)
                return;
            await Task.Delay(Pause, clock);
        }
    }

    private sealed record EndedByPlatform(string Reason);

    private sealed record Unheard;
}

/// <summary>Whether the card in a slot is the one that a session began with: chip number and certificate. Its key cannot be asked without a PIN.</summary>
internal enum CardProof
{
    Same,
    Another,

    /// <summary>It could not be read now.</summary>
    Unknown,
}
