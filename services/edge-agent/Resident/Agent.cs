using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.HandOver;
using Cdr.EdgeAgent.Locks;
using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.SignIn;

namespace Cdr.EdgeAgent.Resident;

/// <summary>The agent that runs: watches the cards, signs in when asked, keeps the session as long as its card is there.</summary>
internal sealed class Agent(AgentSettings settings, CardDoor door, Platform? platform, AgentKey key, IPinEntry pins, PostProbes probes, ILockWatch locks, TimeProvider clock, Action<string, string> say) : IDisposable
{
    private readonly SemaphoreSlim oneSignIn = new(1, 1);
    private readonly Lock gate = new();
    private readonly TaskCompletionSource firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<Slot> slots = [];
    private uint? lost;
    private SessionKeeper? keeper;
    private Task<string>? keeping;
    private string? lastEnd;
    private string? lastSignIn;
    private IReadOnlyList<PostWarning>? postWarnings;
    private SignInUnderWay? signingIn;

    // How often the person left the post.
    private int departures;

    /// <summary>Nobody can be signed in.</summary>
    public bool HasNoPlatform => platform is null;

    /// <summary>The session's end, when one is open.</summary>
    public Task<string>? Session => keeping;

    /// <summary>Watches until cancelled; returns once the session, if any, was ended everywhere.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var locking = locks.RunAsync(Locked, cancellationToken);
        await Task.Factory.StartNew(() => door.Monitor().Run(Take, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await EndAsync(AgentStatements.LoggedOff);
        await locking;
    }

    /// <summary>Once it is known what lies in the readers, or that nobody can say.</summary>
    public Task LookedAsync(CancellationToken cancellationToken) => firstLook.Task.WaitAsync(cancellationToken);

    public Task<AgentReply> AnswerAsync(AgentRequest request, CancellationToken cancellationToken) => request.Verb switch
    {
        "status" => Task.FromResult(new AgentReply(true, "status", "") { State = State(), Warnings = PostWarningWords() }),
        "login" => SignInAsync(request.Reader, request.Browser, cancellationToken),
        "logout" => EndAsync(request.Because is { } because && AgentStatements.All.Contains(because) && !AgentStatements.GoesOn(because) ? because : AgentStatements.SignedOut),
        _ => Task.FromResult(new AgentReply(false, "request-unknown", "Demande inconnue.")),
    };

    public AgentState State()
    {
        lock (gate)
        {
            return new AgentState(
                PostProbes.AgentVersion,
                platform?.Origin,
                [.. slots.Select(slot => new ReaderState(slot.Reader, slot.HasCard ? slot.Family.Words() : null, slot.SignsIn))],
                lost is { } code ? code.ToString("X8", System.Globalization.CultureInfo.InvariantCulture) : "ok",
                // Before its keeper has heard of it, too: where nobody can say what lies in the readers, nobody is certain of a card.
                keeper is null ? "none" : keeper.IsCertain && lost is null ? "open" : "doubtful",
                keeper?.Session.StartedAt,
                lastEnd,
                locks.Watches)
            {
                LastSignIn = lastSignIn,
                PostWarnings = postWarnings?.Select(warning => warning.Code).ToList(),
            };
        }
    }

    /// <summary>From a card to a ticket: to the browser that asked for it, or else to whoever calls.</summary>
    public async Task<AgentReply> SignInAsync(string? reader, string? browser, CancellationToken cancellationToken)
    {
        if (platform is null)
            return AgentWords.NoPlatform;
        // A second window would hide the first.
        if (!await oneSignIn.WaitAsync(0, cancellationToken))
            return new AgentReply(false, "sign-in-under-way", "Une connexion est déjà en cours : le code y est attendu.");
        try
        {
            await LookedAsync(cancellationToken);
            var cards = Candidates(reader ?? settings.Reader);
            switch (cards.Count)
            {
                case 0:
                    return WhyNone(reader ?? settings.Reader);
                case > 1:
                    return AgentWords.Several([.. cards.Select(card => card.Reader)]);
            }

            var here = Departures();
            var (outcome, slot) = await WithCardAsync(platform, cards[0], cancellationToken);
            if (outcome is not SignInOutcome.Opened { Opening: var opening, Card: var card2 })
                return Refused(AgentWords.Of(outcome));
            Accepted(opening);
            await EndAsync(AgentStatements.SignedOut);
            // Where the screen was locked since, the session ends as it begins, and its ticket goes nowhere.
            if (!Keep(platform, new KeptSession(opening, slot, clock.GetUtcNow()), card2, here))
                return AgentWords.Of(new SignInOutcome.NoPin(null));
            var reply = await HandOverAsync(platform, opening, browser);
            // Nobody has its ticket: a session that nobody uses does not stay open as long as the card is there.
            if (!reply.Done)
                await EndAsync(AgentStatements.SignedOut);
            return reply;
        }
        finally
        {
            oneSignIn.Release();
        }
    }

    public void Dispose()
    {
        oneSignIn.Dispose();
        key.Dispose();
        door.Dispose();
    }

    private async Task<(SignInOutcome Outcome, Slot Slot)> WithCardAsync(Platform to, Slot slot, CancellationToken cancellationToken)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new SignInUnderWay(slot, left);
        lock (gate)
            signingIn = underWay;
        try
        {
            using var signer = door.Open(slot.Reader);
            var signIn = new CardSignIn(to, key, OsSession.Id, OsSession.PostSecret, pins, clock);
            SignInOutcome outcome;
            try
            {
                // Off the caller's thread: cards and their services block.
                outcome = await Task.Run(() => signIn.RunAsync(signer, $"{slot.Family.Words()} du lecteur « {slot.Reader} »", slot.Insertion, settings.Reset, card => probes.Report(card.Family), left.Token), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // While the platform was awaited.
                outcome = new SignInOutcome.NoPin(null);
            }

            // Not where the screen was locked: the card is still there, and nobody is in front of it.
            lock (gate)
            {
                if (outcome is SignInOutcome.NoPin { Why: null } && underWay.Lost is { } trouble && !cancellationToken.IsCancellationRequested)
                    outcome = new SignInOutcome.CardFailed(trouble);
            }

            return (outcome, slot);
        }
        finally
        {
            lock (gate)
                signingIn = null;
        }
    }

    private AgentReply Refused(AgentReply reply)
    {
        lock (gate)
            lastSignIn = reply.Code;
        return reply;
    }

    private void Accepted(Opening opening)
    {
        lock (gate)
            (lastSignIn, postWarnings) = ("signed-in", opening.Warnings);
    }

    private List<string>? PostWarningWords()
    {
        lock (gate)
            return AgentWords.Of(postWarnings);
    }

    private int Departures()
    {
        lock (gate)
            return departures;
    }

    /// <summary>False: the person has left since <paramref name="here"/>.</summary>
    private bool Keep(Platform to, KeptSession session, CardFacts card, int here)
    {
        var kept = new SessionKeeper(session, to, key, clock, slot => door.Prove(slot.Reader, card));
        lock (gate)
        {
            keeper = kept;
            if (departures != here)
                kept.End(AgentStatements.Locked);
            // It may have left since it signed.
            kept.Tell(lost is { } code ? new MonitorNews.Lost(code) : new MonitorNews.Seen(slots));
            keeping = Task.Run(() => KeepAsync(kept));
            if (departures != here)
                return false;
        }

        say("session-open", "Session ouverte. Elle se ferme quand la carte est retirée.");
        return true;
    }

    private async Task<string> KeepAsync(SessionKeeper kept)
    {
        var because = await kept.RunAsync();
        lock (gate)
        {
            if (keeper == kept)
                keeper = null;
            lastEnd = because;
        }

        say("session-ended", $"Session fermée : {EndWords.Of(because)}.");
        return because;
    }

    private async Task<AgentReply> HandOverAsync(Platform to, Opening opening, string? browser)
    {
        var reply = new AgentReply(true, "signed-in", "Connexion acceptée.") { Warnings = AgentWords.Of(opening.Warnings) };
        if (browser is null)
            return reply with { Ticket = opening.Ticket, Activities = [.. opening.Activities.Select(activity => new TicketActivity(activity.Id, activity.Label))] };
        if (BrowserTicket.Seal(browser, opening) is not { } ticket)
            return new AgentReply(false, "browser-key-unreadable", "Le lien de la page de connexion n'est pas lisible : la session est refermée.", "Rechargez la page de connexion et recommencez.");
        return await new BrowserOpener(settings).BringAsync(to.Address, ticket) ? reply : BrowserOpener.Missing(to.Address) with { Words = "Aucun navigateur n'a pu être ouvert : la session est refermée." };
    }

    private async Task<AgentReply> EndAsync(string because)
    {
        SessionKeeper? kept;
        Task<string>? end;
        lock (gate)
            (kept, end) = (keeper, keeping);
        if (kept is null || end is null)
            return new AgentReply(true, "no-session", "Aucune session n'est ouverte.");
        kept.End(because);
        await end;
        return new AgentReply(true, "signed-out", "Session fermée.");
    }

    /// <summary>The person left the post: a PIN that is being asked for is asked for no more, and the session ends.</summary>
    private void Locked()
    {
        lock (gate)
        {
            departures++;
            signingIn?.End(null);
            keeper?.End(AgentStatements.Locked);
        }
    }

    private void Take(MonitorNews news)
    {
        var isBack = false;
        lock (gate)
        {
            isBack = lost is not null && news is MonitorNews.Seen;
            switch (news)
            {
                case MonitorNews.Seen seen:
                    (slots, lost) = (seen.Slots, null);
                    // While the PIN is being typed: the window closes with the card.
                    if (signingIn is { } now && seen.Slots.FirstOrDefault(slot => slot.Reader == now.Slot.Reader)?.Insertion != now.Slot.Insertion)
                        now.End(CardTrouble.Withdrawn);
                    break;
                case MonitorNews.Lost gone:
                    (slots, lost) = ([], gone.Code);
                    signingIn?.End(CardTrouble.ServiceGone);
                    break;
            }

            keeper?.Tell(news);
        }

        firstLook.TrySetResult();
        if (news is MonitorNews.Lost { Code: var why })
            say("monitor-lost", $"Les lecteurs ne répondent pas ({why:X8}). {AgentWords.StartService}");
        else if (isBack)
            say("monitor-back", "Les lecteurs répondent de nouveau.");
    }

    private List<Slot> Candidates(string? reader)
    {
        lock (gate)
            return [.. slots.Where(slot => slot.SignsIn && (reader is null || slot.Reader == reader))];
    }

    private AgentReply WhyNone(string? reader)
    {
        lock (gate)
        {
            if (lost is { } code)
                return AgentWords.ServiceSilent(code);
            if (slots.Count == 0 && door.TellsReaders)
                return AgentWords.NoReader;
            if (reader is not null && slots.All(slot => slot.Reader != reader))
                return AgentWords.ReaderUnknown(reader, [.. slots.Select(slot => slot.Reader)]);
            var here = slots.Where(slot => slot.HasCard && (reader is null || slot.Reader == reader)).Select(slot => slot.Family).ToList();
            if (here.Contains(CardFamily.Contactless))
                return AgentWords.Contactless;
            // A patient's card in the other reader is nobody's mistake.
            return here.Contains(CardFamily.Other) ? AgentWords.NotCpx : AgentWords.NoCard;
        }
    }

    /// <summary>A sign-in whose PIN or platform is awaited.</summary>
    private sealed class SignInUnderWay(Slot slot, CancellationTokenSource left)
    {
        public Slot Slot => slot;

        /// <summary>What became of its card; null: nothing.</summary>
        public CardTrouble? Lost { get; private set; }

        public void End(CardTrouble? because)
        {
            Lost ??= because;
            left.Cancel();
        }
    }
}
