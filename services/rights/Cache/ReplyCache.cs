using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace Cdr.Rights.Cache;

/// <summary>A regime's reply with how fresh it is.</summary>
/// <param name="Reply">The reply.</param>
/// <param name="Freshness">Live, cached or stale.</param>
/// <param name="Silence">Why the regime said nothing now, beside a stale reply.</param>
internal sealed record KeptReply(RegimeReply Reply, Freshness Freshness, RegimeAnswer? Silence);

/// <summary>
/// Keeps what regimes said, for as long as each allows. An outage is never kept. When a regime is silent an older reply may be given,
/// and then it says so. There is no in-process level: without a backplane another replica would serve what was removed.
/// </summary>
internal sealed class ReplyCache(
    IFusionCache cache, ISharedState shared, SealedSerializer serializer, ReplyEviction eviction, [FromKeyedServices("Rights")] Pseudonyms pseudonyms, [FromKeyedServices("Rights")] Sealer sealer, TimeProvider clock, IMeterFactory meters)
{
    private readonly Counter<long> requests = meters.Create("Cdr.Rights").CreateCounter<long>("cdr.rights.cache.requests", "{request}", "Regime replies looked for in the cache, by what was found.");
    private readonly Counter<long> forgotten = meters.Create("Cdr.Rights").CreateCounter<long>("cdr.rights.cache.forgotten", "{reply}", "Kept replies that their regime had forgotten.");

    /// <summary>
    /// What is kept for the question; null where nothing is, or nobody can say. Read past FusionCache: its locks, timeouts and rescue are
    /// of use only where the regime may have to be asked.
    /// </summary>
    /// <param name="regime">Which regime.</param>
    /// <param name="question">Every input of its reply.</param>
    public async Task<KeptBox?> LookAsync(RegimeRow regime, RegimeQuestion question)
    {
        var key = Key(regime, question);
        try
        {
            return await shared.GetAsync(key, CancellationToken.None) is { } value ? new KeptBox(key, value) : null;
        }
        catch (SharedStateUnavailableException)
        {
            return null;
        }
    }

    /// <summary>The same where the regime is asked if nothing is kept: the lock for it is taken in the same round trip.</summary>
    /// <param name="regime">Which regime.</param>
    /// <param name="question">Every input of its reply.</param>
    /// <param name="session">Read in the same round trip, where nobody has asked for it yet.</param>
    public async Task<Look> LookToAskAsync(RegimeRow regime, RegimeQuestion question, CallerSession? session)
    {
        var key = Key(regime, question);
        byte[]? mark = null;
        try
        {
            var copy = session?.CopyToRead;
            // A step that may take a lock costs Redis four times a read: it is for what is not likely to be there.
            if (looked.Again(key))
            {
                if (copy is null)
                    return await shared.GetAsync(key, CancellationToken.None) is { } alone ? new Look(new KeptBox(key, alone), null) : Look.Nothing;
                var both = shared.GetTwoAsync(copy, key, CancellationToken.None);
                session!.ReadFrom(FirstOf(both));
                return (await both).Second is { } kept ? new Look(new KeptBox(key, kept), null) : Look.Nothing;
            }

            mark = Guid.CreateVersion7(clock.GetUtcNow()).ToByteArray();
            var locking = shared.GetTwoOrLockAsync(copy ?? "", key, SharedStateLocker.NameOf(key), mark, SharedStateLocker.Held, CancellationToken.None);
            var (first, value, locked) = await locking;
            // Not given as a word that is awaited: what the session says is to be known before the lock is judged by it.
            if (copy is not null)
                session!.ReadFrom(Task.FromResult(first));
            return value is not null ? new Look(new KeptBox(key, value), null) : locked ? new Look(null, mark) : Look.Nothing;
        }
        catch (SharedStateUnavailableException)
        {
            // It may have been taken, and the word of it be late.
            if (mark is not null)
                _ = UnlockAsync(key, mark);
            return Look.Nothing;
        }

        static async Task<byte[]?> FirstOf(Task<(byte[]? First, byte[]? Second)> both)
        {
            try
            {
                return (await both).First;
            }
            catch (SharedStateUnavailableException)
            {
                return null;
            }
        }
    }

    /// <summary>The regime is not asked after all: who else wants to need not wait.</summary>
    public async Task LeaveAsync(RegimeRow regime, RegimeQuestion question, Look look)
    {
        if (look.Lock is { } mark)
            await UnlockAsync(Key(regime, question), mark);
    }

    /// <summary>The kept reply while it is fresh, null otherwise.</summary>
    public KeptReply? Fresh(RegimeRow regime, KeptBox? box)
    {
        if (box is null || Read(regime, box.Key, box.Value) is not { Value: { } kept } entry
            || entry.LogicalExpirationTimestamp is var end && end <= TimeProvider.System.GetUtcNow().UtcTicks
            || !(clock.GetUtcNow() < KeptTimes.EndOf(regime, kept.Reply.Answer, kept.Reply.At)))
            return null;
        var reply = new KeptReply(kept.Reply, Freshness.Cached, null);
        box.Fresh = (reply, end);
        return Counted(reply);
    }

    /// <summary>The answer prepared from the kept reply; empty where there is none. Its own freshness is in it. To be disposed of.</summary>
    public OpenedAnswer Prepared(KeptBox box)
    {
        try
        {
            if (box.Prepared is not { Length: > Sealer.Overhead } prepared)
                return default;
            var made = new OpenedAnswer(prepared.Length - Sealer.Overhead);
            if (sealer.TryOpen(Purpose, BoundTo(box, stackalloc byte[LongestBound]), prepared, made.Room))
                return made;
            made.Dispose();
            return default;
        }
        catch (InvalidDataException)
        {
            return default;
        }
    }

    /// <summary>Counts an answer given from what is kept.</summary>
    public void CountPrepared() => requests.Add(1, new KeyValuePair<string, object?>("cdr.cache.result", "hit"), new KeyValuePair<string, object?>("cdr.cache.prepared", true));

    /// <summary>Keeps an answer beside the reply that it was made of, if that one is still kept.</summary>
    public async Task KeepPreparedAsync(KeptBox box, byte[] made)
    {
        Interlocked.Increment(ref underway);
        try
        {
            await shared.ReplaceAsync(box.Key, box.Value, KeptBox.Join(KeptBox.Reply(box.Value), SealPrepared(box, made)), CancellationToken.None);
        }
        catch (SharedStateUnavailableException)
        {
            // It will be made again.
        }
        finally
        {
            Interlocked.Decrement(ref underway);
        }
    }

    private byte[] SealPrepared(KeptBox box, byte[] made) => sealer.Seal(Purpose, BoundTo(box, stackalloc byte[LongestBound]), made);

    private const string Purpose = "prepared";

    /// <summary>The key, and the tag of the reply's box: an answer is good beside its own reply only.</summary>
    private static ReadOnlySpan<byte> BoundTo(KeptBox box, Span<byte> into)
    {
        var length = System.Text.Encoding.ASCII.GetBytes(box.Key, into);
        KeptBox.Reply(box.Value)[^TagLength..].CopyTo(into[length..]);
        return into[..(length + TagLength)];
    }

    private const int TagLength = 16;
    private const int LongestBound = 128;

    private readonly LookedKeys looked = new();

    // Identical questions of this process under way: one asks, the others wait for what it hears, with or without the shared state.
    private readonly ConcurrentDictionary<string, Flight> flights = new(StringComparer.Ordinal);
    private int underway;

    /// <summary>Replies being asked for or stored: who was answered did not wait for the storing.</summary>
    public int Underway => Volatile.Read(ref underway);

    /// <summary>The kept reply, or the one of <paramref name="ask"/>; one call at a time for one key, across processes.</summary>
    /// <param name="regime">Which regime.</param>
    /// <param name="question">Every input of the answer.</param>
    /// <param name="look">What <see cref="LookToAskAsync"/> just found.</param>
    /// <param name="refresh">True asks even where a fresh reply is kept.</param>
    /// <param name="ask">Asks the regime.</param>
    public async Task<KeptReply> GetAsync(RegimeRow regime, RegimeQuestion question, Look look, bool refresh, Func<Task<RegimeReply>> ask)
    {
        var key = Key(regime, question);
        var own = new Flight();
        var flight = refresh ? own : flights.GetOrAdd(key, own);
        if (flight == own)
        {
            _ = LeadAsync(own, regime, question, key, look, refresh, ask);
            return Counted(await own.Said);
        }

        flight.Join();
        // The one that leads waits for the lock.
        if (look.Lock is { } mark)
            _ = UnlockAsync(key, mark);
        // The call may have looked before this question came: it looks itself. Without the shared state no regime could tell of a change.
        var isLate = flight.Said.IsCompleted;
        var heard = await flight.Said;
        if (await flight.Changed || (isLate && await eviction.HasChangedAsync(regime, question.Subject, heard.Reply.Answer, inDoubt: false)))
            return await GetAsync(regime, question, Look.Nothing, refresh: true, ask);
        // The regime heard of one question: to the others its reply is a kept one, and is counted as such.
        var isKept = heard is { Freshness: Freshness.Live, Reply.Answer: not (RegimeAnswer.Unavailable or RegimeAnswer.NotAsked) };
        return Counted(isKept ? heard with { Freshness = Freshness.Cached } : heard);
    }

    /// <summary>Forgets all that is kept of these persons, stale replies too.</summary>
    /// <returns>How many replies.</returns>
    /// <exception cref="SharedStateUnavailableException">Some may still be kept.</exception>
    public async Task<int> ForgetAsync(RegimeRow regime, IEnumerable<Nir> persons, CancellationToken cancellationToken)
    {
        var count = await eviction.ForgetAsync(regime, persons, cancellationToken);
        forgotten.Add(count, new KeyValuePair<string, object?>("regime", regime.Id.Value));
        return count;
    }

    private async Task LeadAsync(Flight flight, RegimeRow regime, RegimeQuestion question, string key, Look look, bool refresh, Func<Task<RegimeReply>> ask)
    {
        Interlocked.Increment(ref underway);
        try
        {
            if (!refresh)
                ReadAhead.Begin(key, look.Box?.Value, look.Lock);
            Heard? heard = null;
            flight.Say(await KeepAsync(regime, question, key, refresh, async () =>
            {
                var asked = clock.GetUtcNow();
                var reply = await ask();
                if (KeptTimes.EndOf(regime, reply.Answer, reply.At) is null)
                    return heard = new Heard(reply, null);
                // What the regime said is told at once: keeping it for the next one is not what this one waits for.
                flight.Say(Live(reply));
                // After a forced question an older reply is being given meanwhile.
                if (!refresh)
                    await flight.MayStoreAsync();
                var noted = await eviction.NoteAsync(regime, question.Subject, reply.Answer, key);
                flight.End(noted == Noted.Changed);
                var mayKeep = noted == Noted.Yes && !((await ReadAsync(regime, key))?.Value?.Asked > asked);
                return heard = new Heard(reply, mayKeep ? new CachedReply(key, regime.Id.Value, reply, asked) : null);
            }));
            // Told of while it was being stored.
            if (heard?.ToKeep is { } kept && await eviction.HasChangedAsync(regime, question.Subject, kept.Reply.Answer, inDoubt: true))
                await cache.RemoveAsync(key, KeptTimes.Options(regime));
        }
        catch (Exception e)
        {
            flight.Fail(e);
        }
        finally
        {
            // Where the cache library gave up its lock: after a failure of the shared state.
            if (ReadAhead.TakeLock(key) is { } mark)
                _ = UnlockAsync(key, mark);
            flight.End(hasChanged: false);
            if (!refresh)
                flights.TryRemove(new KeyValuePair<string, Flight>(key, flight));
            Interlocked.Decrement(ref underway);
        }
    }

    private Task UnlockAsync(string key, byte[] mark) => SharedStateLocker.UnlockAsync(shared, key, mark, CancellationToken.None);

    /// <summary>What the regime said to one call.</summary>
    /// <param name="Reply">Its reply.</param>
    /// <param name="ToKeep">The same, where it may be kept.</param>
    private sealed record Heard(RegimeReply Reply, CachedReply? ToKeep);

    private async Task<KeptReply> KeepAsync(RegimeRow regime, RegimeQuestion question, string key, bool refresh, Func<Task<Heard>> ask)
    {
        RegimeReply? asked = null;
        if (refresh)
        {
            (asked, var toKeep) = await ask();
            if (KeptTimes.EndOf(regime, asked.Answer, asked.At) is not { } end)
                return await OlderAsync(regime, key, asked) ?? Live(asked);
            if (toKeep is not null)
                await cache.SetAsync(key, toKeep, KeptTimes.For(KeptTimes.Options(regime), asked.Answer, end - clock.GetUtcNow()));
            return Live(asked);
        }

        var kept = await cache.GetOrSetAsync<CachedReply?>(key, async (context, _) =>
        {
            (asked, var toKeep) = await ask();
            if (KeptTimes.EndOf(regime, asked.Answer, asked.At) is not { } end)
                return context.Fail("the regime is silent");
            KeptTimes.For(context.Options, asked.Answer, end - clock.GetUtcNow()).SkipDistributedCacheWrite = toKeep is null;
            return toKeep ?? new CachedReply(key, regime.Id.Value, asked, default);
        }, MaybeDefaultValue, KeptTimes.Options(regime));

        if (kept is not null && ReferenceEquals(kept.Reply, asked))
            return Live(asked);
        if (kept is null || kept.Key != key || kept.Regime != regime.Id.Value)
            return asked is null ? await KeepAsync(regime, question, key, refresh: true, ask) : Live(asked);

        var age = clock.GetUtcNow() - kept.Reply.At;
        // FusionCache shows what it rescued again for a while, and counts that anew each time: the limit is ours.
        if (age >= regime.Cache.Stale)
            return asked is null ? await KeepAsync(regime, question, key, refresh: true, ask) : Live(asked);

        // Its count begins a little after ours, and goes by the machine's clock.
        var fresh = clock.GetUtcNow() < KeptTimes.EndOf(regime, kept.Reply.Answer, kept.Reply.At) + (asked is null ? Slack : TimeSpan.Zero);
        // Beside a reply that is still fresh a failed call has nothing to say: it lost a race against another process.
        var freshness = fresh ? Freshness.Cached : Freshness.Stale;
        return new KeptReply(kept.Reply, freshness, fresh ? null : asked?.Answer ?? Rescued(regime, question));
    }

    /// <summary>Why a regime is silent that was just asked by somebody else: FusionCache does not say it again.</summary>
    private RegimeAnswer Rescued(RegimeRow regime, RegimeQuestion question) => RegimeSchedule.WhyNot(regime, question, clock.GetUtcNow()) is { } reason && RegimeSchedule.IsPassing(reason)
        ? new RegimeAnswer.NotAsked(reason)
        : new RegimeAnswer.Unavailable(UnavailableReason.Failing);

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private static readonly MaybeValue<CachedReply?> MaybeDefaultValue = MaybeValue<CachedReply?>.FromValue(null);

    /// <summary>What may still be shown where the question's own time ends before its regime is heard. Not counted: the call is, at its end.</summary>
    public async Task<KeptReply?> OlderAsync(RegimeRow regime, RegimeQuestion question, RegimeAnswer silent) =>
        await LookAsync(regime, question) is { } box && Read(regime, box.Key, box.Value)?.Value.Reply is { Answer: RegimeAnswer.Found or RegimeAnswer.Moved } reply && clock.GetUtcNow() - reply.At < regime.Cache.Stale
            ? new KeptReply(reply, Freshness.Stale, silent) : null;

    /// <summary>A forced question to a silent regime does not take away what was known before.</summary>
    private async Task<KeptReply?> OlderAsync(RegimeRow regime, string key, RegimeReply silent)
    {
        if (silent.Answer is not RegimeAnswer.Unavailable && !(silent.Answer is RegimeAnswer.NotAsked { Reason: var reason } && RegimeSchedule.IsPassing(reason)))
            return null;
        var kept = (await cache.TryGetAsync<CachedReply?>(key, KeptTimes.Options(regime).SetAllowStaleOnReadOnly())).GetValueOrDefault(null);
        return kept is not null && kept.Key == key && kept.Regime == regime.Id.Value && clock.GetUtcNow() - kept.Reply.At < regime.Cache.Stale
            ? new KeptReply(kept.Reply, Freshness.Stale, silent.Answer)
            : null;
    }

    /// <summary>What is kept under the key, whatever its age.</summary>
    private async Task<FusionCacheDistributedEntry<CachedReply>?> ReadAsync(RegimeRow regime, string key)
    {
        try
        {
            return await shared.GetAsync(key, CancellationToken.None) is { } value ? Read(regime, key, value) : null;
        }
        catch (SharedStateUnavailableException)
        {
            return null;
        }
    }

    private FusionCacheDistributedEntry<CachedReply>? Read(RegimeRow regime, string key, byte[] value)
    {
        try
        {
            return serializer.Deserialize<FusionCacheDistributedEntry<CachedReply>>(value) is { Value: { } kept } entry && kept.Key == key && kept.Regime == regime.Id.Value
                ? entry
                : null;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or NotSupportedException)
        {
            // What cannot be read, as what another build wrote, is not kept.
            return null;
        }
    }

    private static KeptReply Live(RegimeReply reply) => new(reply, Freshness.Live, null);

    private KeptReply Counted(KeptReply kept)
    {
        requests.Add(1, new KeyValuePair<string, object?>("cdr.cache.result", kept.Freshness switch { Freshness.Live => "miss", Freshness.Stale => "stale", _ => "hit" }));
        return kept;
    }

    private const string Prefix = "cdr:reply:";

    /// <summary>Keyed hash of every input of the answer, the regime, and the establishment unless the regime allows sharing.</summary>
    private string Key(RegimeRow regime, RegimeQuestion question)
    {
        var establishment = regime.Cache.ShareAcrossEstablishments ? "" : question.Establishment.Value;
        var who = new CanonicalText(stackalloc char[256]);
        SubjectText.Write(ref who, question.Subject);
        var text = new DefaultInterpolatedStringHandler(3, 4, CultureInfo.InvariantCulture, stackalloc char[512]);
        text.AppendLiteral(regime.Id.Value);
        text.AppendLiteral("\n");
        text.AppendLiteral(establishment);
        text.AppendLiteral("\n");
        text.AppendFormatted(question.CareDate, "yyyyMMdd");
        text.AppendLiteral("\n");
        text.AppendFormatted(who.Written);
        Span<byte> hash = stackalloc byte[Pseudonyms.Length];
        pseudonyms.Of("cache", text.Text, hash);
        Span<char> key = stackalloc char[Prefix.Length + (2 * Pseudonyms.Length)];
        Prefix.CopyTo(key);
        return Convert.TryToHexStringLower(hash, key[Prefix.Length..], out _) ? key.ToString() : throw new InvalidOperationException("A key has no room.");
    }
}
