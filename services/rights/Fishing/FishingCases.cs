using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.SharedState;

namespace Cdr.Rights.Fishing;

/// <summary>
/// Tells operations and data protection: a record of the journal for who was slowed or stopped, or sends files that come near to it, where, when and by which sign, one for who
/// lifted it, a metric and a line of log. No record names whom the questions were about.
/// </summary>
internal sealed partial class FishingCases(JournalWriter journal, ISharedState shared, IMeterFactory meters, ILogger<FishingCases> log) : IToldFromZero
{
    /// <summary>All of them bear it as their consultation, so that the index that is there finds them among millions.</summary>
    public static readonly Guid All = new("00000000-0000-7000-8000-0000f1541465");

    // An outage of hours does not fill the memory; beyond it the log has them.
    private const int MostUnwritten = 10_000;
    private const string EstablishmentFiles = "establishment-files";
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    private readonly ConcurrentQueue<JournalRecord> unwritten = [];
    private readonly Counter<long> told = meters.Create("Cdr.Rights").CreateCounter<long>("cdr.rights.fishing.cases", "{case}", "Cards and establishments that were slowed or stopped, by sign.");

    /// <inheritdoc />
    public void TellZero()
    {
        foreach (var sign in Enum.GetValues<Sign>().Where(sign => sign != Sign.None))
        {
            foreach (var level in (Level[])[Level.Stopped, Level.Slowed, Level.Told])
                Count(0, sign, level);
        }
    }

    /// <summary>Nobody waits for it: the guard has judged already.</summary>
    /// <param name="caller">Who asked.</param>
    /// <param name="watch">The card or establishment.</param>
    /// <param name="sign">What gave it away.</param>
    /// <param name="level">How far it went.</param>
    /// <param name="now">UTC.</param>
    /// <param name="until">When it ends by itself.</param>
    /// <param name="ofCard">False: of the whole establishment.</param>
    public void Tell(Caller caller, Watch watch, Sign sign, Level level, DateTimeOffset now, DateTimeOffset until, bool ofCard)
    {
        Tell(Record(caller, sign, level, now, until, ofCard), sign, level);
        if (level == Level.Stopped && ofCard)
            _ = ShareAsync(StopKey(watch.Key), FormattableString.Invariant($"{until.UtcTicks}|{(int)sign}|{(watch.EmergenciesStoppedUntil >= until ? 1 : 0)}|{watch.Era}"), until - now);
    }

    /// <summary>The same of files, and of nothing else.</summary>
    /// <param name="caller">Whose line it was.</param>
    /// <param name="watch">The card or establishment.</param>
    /// <param name="sign">What gave it away.</param>
    /// <param name="level">Told, or stopped.</param>
    /// <param name="now">UTC.</param>
    /// <param name="until">When it ends by itself.</param>
    /// <param name="ofCard">False: of all files of the establishment.</param>
    /// <param name="isStop">Other processes are to stop them too; a day that is full they see for themselves.</param>
    public void TellOfFiles(Caller caller, Watch watch, Sign sign, Level level, DateTimeOffset now, DateTimeOffset until, bool ofCard, bool isStop)
    {
        Tell(Record(caller, sign, level, now, until, ofCard ? "files" : EstablishmentFiles), sign, level);
        if (isStop)
            _ = ShareAsync(FilesStopKey(watch.Key), FormattableString.Invariant($"{until.UtcTicks}|{watch.Era}"), until - now);
    }

    /// <summary>Whom a lift of such a case is about; empty: its establishment.</summary>
    public static string SubjectOf(string scope, JournalRecord record) => scope is "establishment" or EstablishmentFiles ? "" : record.Subject;

    /// <summary>Cases that the journal refused while it was silent: in the order in which they came, until it is silent again.</summary>
    public async Task WriteAgainAsync()
    {
        for (var left = unwritten.Count; left > 0 && unwritten.TryDequeue(out var record); left--)
        {
            if (!await AppendAsync(record))
                return;
        }
    }

    /// <summary>Operations lift it: durable before anybody may ask again.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be written down, and is not lifted.</exception>
    public async Task WriteLiftAsync(JournalRecord lifted, string reason, ClaimsPrincipal user, DateTimeOffset now)
    {
        string Claim(string type) => user.FindFirst(type)?.Value ?? "";
        await journal.AppendAsync(new JournalRecord
        {
            Id = Guid.CreateVersion7(now), Consultation = All, Kind = RecordKind.Lifted, At = now, Subject = Claim(CdrClaims.Subject), Session = Claim(CdrClaims.Session), Role = Claim(CdrClaims.Role),
            Establishment = lifted.Establishment, Group = lifted.Group, Department = lifted.Department, Unit = Claim(CdrClaims.Unit), Function = Claim(CdrClaims.Function),
            Reason = lifted.Reason, CareDate = DateOnly.FromDateTime(now.UtcDateTime), Regime = "", Regimes = $"{lifted.Id};{reason}", PseudonymKey = 0, Pseudonym = [], Request = [], RulesVersion = "",
            TraceId = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? "",
        });
        Log.Lifted(log, lifted.Id, lifted.Establishment);
    }

    /// <summary>Tells the other processes, more than once where that fails.</summary>
    /// <returns>False when they have not heard of it: they hold on.</returns>
    public async Task<bool> ShareLiftAsync(string key, DateTimeOffset at)
    {
        var lift = FormattableString.Invariant($"{at.UtcTicks}");
        for (var tries = 0; !await ShareAsync(LiftKey(key), lift, TimeSpan.FromHours(Window.Hours + 1)); tries++)
        {
            if (tries == Pauses.Length)
                return false;
            await Task.Delay(Pauses[tries]);
        }

        return true;
    }

    public static string StopKey(string key) => "cdr:fishing:stop:" + key;

    public static string FilesStopKey(string key) => "cdr:fishing:stop-files:" + key;

    /// <summary>Beside the stops and as long as what was seen: a stop that follows must not make the lift forgotten.</summary>
    public static string LiftKey(string key) => "cdr:fishing:lift:" + key;

    /// <summary>What a record of a case says beside its columns: which, until when, of what.</summary>
    public static (string Level, DateTimeOffset Until, string Scope)? Read(JournalRecord record) =>
        record.Regimes.Split(';') is [var level, var until, var scope] && DateTimeOffset.TryParseExact(until, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
            ? (level, end, scope)
            : null;

    /// <summary>What a record of a lift says: of which case, and why; null in records of before.</summary>
    public static (string Case, string? Reason) ReadLift(JournalRecord record) => record.Regimes.Split(';') is [var lifted, var reason] ? (lifted, reason) : (record.Regimes, null);

    internal static string Word(Level level) => level switch { Level.Stopped => "stopped", Level.Slowed => "slowed", _ => "told" };

    internal static JournalRecord Record(Caller caller, Sign sign, Level level, DateTimeOffset now, DateTimeOffset until, bool ofCard) => Record(caller, sign, level, now, until, ofCard ? "card" : "establishment");

    private static JournalRecord Record(Caller caller, Sign sign, Level level, DateTimeOffset now, DateTimeOffset until, string scope) => new()
    {
        Id = Guid.CreateVersion7(now), Consultation = All, Kind = RecordKind.Guarded, At = now, Subject = caller.Subject, Session = caller.Session, Role = caller.Role,
        Establishment = caller.Establishment.Value, Group = caller.Group, Department = caller.Department.Code, Unit = caller.Unit, Function = caller.Function,
        Reason = sign.Id(), CareDate = caller.Today(now), Regime = "", Regimes = string.Create(CultureInfo.InvariantCulture, $"{Word(level)};{until.ToUniversalTime():O};{scope}"),
        PseudonymKey = 0, Pseudonym = [], Request = [], RulesVersion = "", TraceId = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? "",
    };

    private void Tell(JournalRecord record, Sign sign, Level level)
    {
        Count(1, sign, level);
        Log.Case(log, record.Id, record.Establishment, sign.Id(), Word(level));
        _ = AppendAsync(record);
    }

    private void Count(int cases, Sign sign, Level level) =>
        told.Add(cases, new KeyValuePair<string, object?>("cdr.fishing.sign", sign.Id()), new KeyValuePair<string, object?>("cdr.fishing.level", Word(level)));

    private async Task<bool> AppendAsync(JournalRecord record)
    {
        try
        {
            await journal.AppendAsync(record);
            return true;
        }
        catch (RecordExistsException)
        {
            // The commit that was in doubt had it.
            return true;
        }
        catch (Exception e)
        {
            // The stop holds all the same, and the log has it.
            Log.NotWritten(log, record.Id, e.GetType().Name);
            if (unwritten.Count < MostUnwritten)
                unwritten.Enqueue(record);
            return false;
        }
    }

    private async Task<bool> ShareAsync(string key, string state, TimeSpan lifetime)
    {
        try
        {
            await shared.SetAsync(key, System.Text.Encoding.ASCII.GetBytes(state), lifetime, CancellationToken.None);
            return true;
        }
        catch (SharedStateUnavailableException)
        {
            // Each process sees the signs for itself.
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Signs of enumeration: case {Case}, establishment {Establishment}, sign {Sign}, {Level}.")]
        public static partial void Case(ILogger logger, Guid @case, string establishment, string sign, string level);

        [LoggerMessage(2, LogLevel.Warning, "Case {Case} of establishment {Establishment} was lifted by operations.")]
        public static partial void Lifted(ILogger logger, Guid @case, string establishment);

        [LoggerMessage(3, LogLevel.Error, "Case {Case} is not in the journal yet ({Error}).")]
        public static partial void NotWritten(ILogger logger, Guid @case, string error);
    }
}
