using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Fishing;

/// <summary>A question that is not asked now.</summary>
/// <param name="Problem">Why, and what to do next.</param>
/// <param name="After">When it may be asked again.</param>
internal sealed record Held(ProblemHttpResult Problem, TimeSpan After)
{
    /// <value>Which lines of files wait with it.</value>
    public HeldWith With { get; init; }

    /// <summary>429 with Retry-After.</summary>
    public void Mark(HttpResponse response) => response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(After.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Which lines of files are held for the same reason.</summary>
internal enum HeldWith
{
    /// <summary>All of the card, in whatever establishment.</summary>
    Card,

    /// <summary>All of the establishment, whoever sent them.</summary>
    Establishment,

    /// <summary>None that is known: who was asked about before is asked again.</summary>
    Nothing,
}

/// <summary>
/// Slows, then stops, who goes through numbers or names. What it needs is in this process: a question waits for nobody to be judged. What
/// other processes saw comes a moment later (<see cref="FishingSharing"/>); where the shared state is silent this process guards alone.
/// </summary>
internal sealed class FishingGuard(
    FishingCases cases, [FromKeyedServices(RightsModule.Name)] Pseudonyms pseudonyms, IOptions<FishingOptions> options, IMeterFactory meters, TimeProvider clock)
{
    // An establishment that is slowed has a second to pay, each of its questions; its cards are not in one queue.
    private static readonly TimeSpan EstablishmentWait = TimeSpan.FromSeconds(1);

    private readonly FishingOptions options = options.Value;
    private readonly ConcurrentDictionary<string, Watch> cards = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Watch> establishments = new(StringComparer.Ordinal);
    private readonly Counter<long> held = meters.Create("Cdr.Rights").CreateCounter<long>("cdr.rights.fishing.held", "{question}", "Questions that were slowed, paced or stopped because of signs of enumeration.");

    /// <summary>A watch begins: what other processes know of it is to be read.</summary>
    public event Action<Watch>? Began;

    public IEnumerable<Watch> Cards => cards.Values;

    public IEnumerable<Watch> Establishments => establishments.Values;

    /// <summary>Judges a question that is about to be asked, and keeps it waiting where its card is slowed.</summary>
    /// <param name="question">Valid.</param>
    /// <param name="leaving">The caller leaves.</param>
    /// <returns>The question as it is to be asked, or why it is not.</returns>
    public ValueTask<(Question Question, Held? Held)> AdmitAsync(Question question, CancellationToken leaving)
    {
        var (wait, why) = Judge(question);
        return why is not null || wait == TimeSpan.Zero ? new((question, why)) : WaitAsync(question, wait, leaving);
    }

    /// <summary>Judges a line of a file, which is never slowed: it is asked, or waits.</summary>
    /// <returns>Why it is not asked now; null where it is.</returns>
    public Held? OfLine(Question question)
    {
        if (!options.Enabled)
            return null;
        var (now, caller) = (clock.GetUtcNow(), question.Caller);
        var (card, house) = (Card(caller.Subject), Establishment(caller.Establishment.Value));
        // Both before either counts it: whom the house holds is not asked, and is no person of the card's day. In this order wherever both are held.
        lock (card.Gate)
        {
            lock (house.Gate)
                return Refusal(card, ofCard: true) ?? Refusal(house, ofCard: false) ?? Counted(card, ofCard: true) ?? Counted(house, ofCard: false);
        }

        Held? Refusal(Watch watch, bool ofCard)
        {
            // Another process may have heard that it was lifted.
            (watch.SendsFiles, watch.IsDirty) = (true, true);
            if (watch.NoFilesUntil > now)
                return NoFiles(watch, ofCard, now);
            watch.Files.Pass(now);
            if (watch.Files.Knows(question.Mark) || NoMoreToday(watch, ofCard, now) is not { } full)
                return null;
            Tell(watch, ofCard, Level.Stopped, Sign.TooMany, now + full.After);
            return full;
        }

        Held? Counted(Watch watch, bool ofCard)
        {
            // Only who asks of somebody new is judged: the lines that waited would otherwise stop them again each hour.
            if (watch.AddOfFile(now, question.Mark) && FishingRules.OfFiles(watch.Files, question.Mark, Factor(ofCard), now, options) is (not Level.None, _) judged)
            {
                if (judged.Level == Level.Stopped)
                    watch.StopFiles(now + options.StopFor);
                Tell(watch, ofCard, judged.Level, judged.Sign, judged.Level == Level.Stopped ? watch.FilesStoppedUntil : now.AddHours(Window.Hours));
            }

            return NoFiles(watch, ofCard, now);
        }

        // Each stop is a case; what is only told, and a day that is full, once.
        void Tell(Watch watch, bool ofCard, Level level, Sign sign, DateTimeOffset until)
        {
            var isStop = watch.FilesStoppedUntil > now;
            if (isStop || watch.TellsOfFiles(now, level, sign))
                cases.TellOfFiles(caller, watch, sign, level, now, until, ofCard, isStop);
        }
    }

    /// <summary>How it ended: a person who is found is no guess.</summary>
    public void Told(Question question, ConsultationOutcome outcome)
    {
        var fate = outcome switch
        {
            ConsultationOutcome.Found or ConsultationOutcome.Several or ConsultationOutcome.Candidates => Fate.Found,
            ConsultationOutcome.NotFound => Fate.NotFound,
            // A silent regime says nothing of who asks.
            _ => Fate.Asked,
        };
        if (!options.Enabled || fate == Fate.Asked)
            return;
        var (now, lane) = (clock.GetUtcNow(), question.FromBatch ? Lane.Batch : Lane.Desk);
        Settle(Card(question.Caller.Subject));
        Settle(Establishment(question.Caller.Establishment.Value));

        void Settle(Watch watch)
        {
            lock (watch.Gate)
                watch.Settle(now, lane, question.Mark, fate);
        }
    }

    /// <summary>Why somebody sends no file now; null where they may.</summary>
    public Held? OfFile(Caller caller)
    {
        if (!options.Enabled)
            return null;
        var now = clock.GetUtcNow();
        return OfFile(Card(caller.Subject), ofCard: true) ?? OfFile(Establishment(caller.Establishment.Value), ofCard: false);

        Held? OfFile(Watch watch, bool ofCard)
        {
            lock (watch.Gate)
            {
                (watch.SendsFiles, watch.IsDirty) = (true, true);
                watch.Files.Pass(now);
                return NoFiles(watch, ofCard, now) ?? NoMoreToday(watch, ofCard, now);
            }
        }
    }

    private long Factor(bool ofCard) => ofCard ? 1 : options.FileEstablishmentFactor;

    private Held? NoFiles(Watch watch, bool ofCard, DateTimeOffset now) =>
        watch.StoppedUntil > now ? Count("stopped", Stopped(watch.StoppedUntil - now) with { With = ofCard ? HeldWith.Card : HeldWith.Establishment })
        : watch.FilesStoppedUntil > now ? Count("stopped", HeldFiles.Stopped(ofCard, watch.FilesStoppedUntil - now))
        : null;

    private Held? NoMoreToday(Watch watch, bool ofCard, DateTimeOffset now) =>
        FishingRules.IsDayFull(watch.Files, Factor(ofCard), options) ? Count("stopped", HeldFiles.DayFull(ofCard, watch.Files.Room(now) - now)) : null;

    /// <summary>Operations looked into it.</summary>
    public void Lift(string subject, string establishment, DateTimeOffset at)
    {
        var watch = subject.Length > 0 ? Card(subject) : Establishment(establishment);
        lock (watch.Gate)
            watch.Lift(at);
    }

    public string KeyOf(string subject, string establishment) => subject.Length > 0 ? Key("card", subject) : Key("establishment", establishment);

    public void Forget(DateTimeOffset before)
    {
        foreach (var all in (ConcurrentDictionary<string, Watch>[])[cards, establishments])
        {
            foreach (var one in all.Where(one => one.Value.LastUsed < before))
                all.TryRemove(one);
        }
    }

    // Not a local function: its closure would be made for those who wait for nothing too.
    private async ValueTask<(Question Question, Held? Held)> WaitAsync(Question question, TimeSpan wait, CancellationToken leaving)
    {
        await Task.Delay(wait, clock, leaving);
        // Its time begins now: the wait is no regime's.
        return (question with { At = clock.GetUtcNow(), Started = Stopwatch.GetTimestamp() }, null);
    }

    private (TimeSpan Wait, Held? Held) Judge(Question question)
    {
        if (!options.Enabled)
            return default;
        var (now, mark, caller) = (clock.GetUtcNow(), question.Mark, question.Caller);
        var isEmergency = question.Reason == Cdr.Domain.ConsultationReason.Emergency;
        var (card, house) = (Card(caller.Subject), Establishment(caller.Establishment.Value));
        TimeSpan wait;
        lock (card.Gate)
        {
            // What is refused is no more evidence than there was; another process may have heard that it was lifted.
            if (Barred() is { } barred)
            {
                card.IsDirty = true;
                return (default, barred);
            }

            if (IsSlowed() && card.NextTurn(now) is var next && next > options.LongestWait)
                return (default, Count("paced", TooFast(next)));
            card.Add(now, Lane.Desk, mark, Mark.Letters(question.Subject));
            var (level, sign) = FishingRules.OfCard(card.Window, mark, isEmergency, now, options);
            if (level == Level.Stopped && (sign.IsClear() || !isEmergency))
            {
                // At a desk, a sequence that stops no emergency yet.
                var emergenciesToo = sign.IsClear() && (sign != Sign.Sequence || FishingRules.OfCard(card.Window, mark, isEmergency: true, now, options) is (Level.Stopped, Sign.Sequence));
                card.Stop(now + options.StopFor, sign, emergenciesToo);
                cases.Tell(caller, card, sign, Level.Stopped, now, card.StoppedUntil, ofCard: true);
                return (default, Count("stopped", Stopped(options.StopFor)));
            }
            else if (level != Level.None && card.Slow(now, sign, options.SlowFor))
            {
                cases.Tell(caller, card, sign, Level.Slowed, now, card.SlowedUntil, ofCard: true);
            }

            wait = IsSlowed() ? card.TakeTurn(now, options.Pace) : TimeSpan.Zero;
        }

        lock (house.Gate)
        {
            house.Add(now, Lane.Desk, mark);
            house.Add(now, Lane.Desk, card.Mark);
            var (level, sign) = FishingRules.OfEstablishment(house.Window, mark, now, options);
            if (level != Level.None && house.Slow(now, sign, options.SlowFor))
                cases.Tell(caller, house, sign, level, now, house.SlowedUntil, ofCard: false);
            if (level == Level.Stopped)
                return (default, Count("stopped", Stopped(options.StopFor)));
            if (house.SlowedUntil > now && wait < EstablishmentWait)
                wait = EstablishmentWait;
        }

        if (wait > options.LongestWait)
            return (default, Count("paced", TooFast(wait)));
        if (wait > TimeSpan.Zero)
            held.Add(1, new KeyValuePair<string, object?>("cdr.fishing.how", "slowed"));
        return (wait, null);

        bool IsSlowed() => card.StoppedUntil > now || card.SlowedUntil > now;

        Held? Barred() => (isEmergency ? card.EmergenciesStoppedUntil : card.StoppedUntil) is var until && until > now ? Count("stopped", Stopped(until - now)) : null;
    }

    private Held Count(string how, Held why)
    {
        held.Add(1, new KeyValuePair<string, object?>("cdr.fishing.how", how));
        return why;
    }

    private static Held Stopped(TimeSpan left) => new(
        Problems.Problem(
            StatusCodes.Status429TooManyRequests, "consultations-stopped", "Vos consultations sont suspendues : elles ressemblent à un relevé systématique de numéros ou de noms.",
            "Les soins ne dépendent pas de cette réponse. Les réponses déjà données restent lisibles. Appelez la hotline, ou votre référent technique : l'exploitation peut lever la suspension aussitôt. Sinon elle prend fin d'elle-même."),
        left);

    private static Held TooFast(TimeSpan wait) => new(
        Problems.Problem(
            StatusCodes.Status429TooManyRequests, "consultations-too-fast", "Vos consultations se suivent trop vite.",
            "Reposez cette question dans quelques secondes. Si votre travail le demande, appelez la hotline ou votre référent technique."),
        wait);

    private Watch Card(string subject) => cards.TryGetValue(subject, out var known) ? known : Begin(cards, subject, Key("card", subject), Mark.OfCard(pseudonyms, subject));

    private Watch Establishment(string finess) => establishments.TryGetValue(finess, out var known) ? known : Begin(establishments, finess, Key("establishment", finess), default);

    private Watch Begin(ConcurrentDictionary<string, Watch> all, string name, string key, Mark mark)
    {
        var made = new Watch(key, mark) { LastUsed = clock.GetUtcNow() };
        var watch = all.GetOrAdd(name, made);
        if (watch == made)
            Began?.Invoke(watch);
        return watch;
    }

    private string Key(string kind, string name) => kind + ":" + Convert.ToHexStringLower(pseudonyms.Of("fishing-" + kind, name).AsSpan(0, 16));
}
