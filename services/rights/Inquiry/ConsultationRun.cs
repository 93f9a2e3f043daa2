using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>How a run ends.</summary>
internal abstract record RunEnd
{
    private RunEnd()
    {
    }

    /// <summary>The bytes, durable in the journal.</summary>
    public sealed record Answered(byte[] Body) : RunEnd
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(Answered);
    }

    /// <summary>The id belongs to another question.</summary>
    public sealed record OtherQuestion : RunEnd;

    /// <summary>It was answered before, and that answer does not open here: its key is not here yet, or gone; or it is not what was signed.</summary>
    public sealed record NotOpened(bool IsDamaged) : RunEnd;

    /// <summary>The session ended meanwhile.</summary>
    public sealed record SessionEnded : RunEnd;

    /// <summary>Nobody can vouch for the session.</summary>
    public sealed record SessionUnknown : RunEnd;

    /// <summary>A silent regime left it open, and it may wait: nothing was answered, and nothing but whom it was asked of is journaled.</summary>
    public sealed record Postponed : RunEnd;

    /// <summary>The journal cannot promise durability: no answer.</summary>
    public sealed record NoJournal : RunEnd;
}

/// <summary>A consultation under way. A caller who leaves cancels nothing; one who comes back with its id finds it here.</summary>
internal sealed class ConsultationRun(Question question, CallerSession session, IReadOnlyList<RegimeRow> scope)
{
    private readonly Lock gate = new();

    // Most questions are answered from what is kept: no regime is asked, and nobody learns of the person.
    private List<RegimeState>? states;

    // Learn of the person, and no record names them yet.
    private List<string>? noted;
    private bool recording;

    // Completes when it is known what became of every record so far.
    private Task? tried;

    // The question has ended: there is one record more at most.
    private bool isEnded;
    private bool isRestTried;
    private bool isHeard;

    // Callers go on where it ends: one thread hop fewer a question.
    private readonly TaskCompletionSource<RunEnd> end = new();

    // Made where somebody waits for it.
    private TaskCompletionSource? changed;

    public Question Question { get; } = question;

    /// <summary>Of who started it; others may have joined.</summary>
    public CallerSession Session { get; } = session;

    /// <summary>Ids of those of which a state will follow.</summary>
    public IReadOnlyList<string> Regimes => [.. scope.Select(regime => regime.Id.Value)];

    /// <summary>Completes once, when the answer is durable or refused.</summary>
    public Task<RunEnd> End => end.Task;

    /// <summary>Completes when the « asked » records so far are durable; null while no regime was called.</summary>
    public Task? AskedRecord { get; private set; }

    /// <summary>A regime was not asked because nobody vouched for the session at that moment.</summary>
    public bool LeftOut { get; set; }

    /// <summary>Nobody's answer is waited for any more.</summary>
    public bool IsHeard
    {
        get => Volatile.Read(ref isHeard);
        set => Volatile.Write(ref isHeard, value);
    }

    /// <summary>Somebody learns of the person: in the record that is about to be written, or in one more.</summary>
    /// <param name="whom">Id.</param>
    /// <param name="record">Writes a record of whom it gets when the record is made.</param>
    public void Note(string whom, Func<Func<IEnumerable<string>>, Task> record)
    {
        lock (gate)
        {
            (noted ??= []).Add(whom);
            if (recording)
                return;
            var written = Write(record);
            AskedRecord = AskedRecord is { } before ? Task.WhenAll(before, written) : written;
        }
    }

    /// <summary>The question has ended: names that a failed record leaves are written once more, in one of their own.</summary>
    public async Task NoteRestAsync(Func<Func<IEnumerable<string>>, Task> record)
    {
        Task before;
        lock (gate)
        {
            isEnded = true;
            if (tried is null)
                return;
            before = tried;
        }

        await before;
        lock (gate)
            WriteRest(record);
    }

    // Within the gate.
    private Task Write(Func<Func<IEnumerable<string>>, Task> record)
    {
        recording = true;
        List<string>? taken = null;
        var written = record(Take);
        // Where it fails the next one tries again, with these names; at the latest the last.
        var trying = AgainAfterAsync(written, () => taken, record);
        tried = tried is { } earlier ? Task.WhenAll(earlier, trying) : trying;
        return written;

        List<string> Take()
        {
            lock (gate)
            {
                taken = noted ?? [];
                (noted, recording) = (null, false);
                return taken;
            }
        }
    }

    // Within the gate.
    private void WriteRest(Func<Func<IEnumerable<string>>, Task> record)
    {
        if (noted is not { Count: > 0 } || recording || isRestTried)
            return;
        isRestTried = true;
        Write(record);
    }

    private async Task AgainAfterAsync(Task written, Func<List<string>?> taken, Func<Func<IEnumerable<string>>, Task> record)
    {
        try
        {
            await written;
        }
        catch (Exception e) when (e is JournalUnavailableException or RecordExistsException)
        {
            lock (gate)
            {
                // Refused before it was made, it took no names.
                if (taken() is { } names)
                    (noted ??= []).InsertRange(0, names);
                else
                    recording = false;
                // Of a regime that was overtaken, and called after the end.
                if (isEnded)
                    WriteRest(record);
            }
        }
    }

    public void Finish(RunEnd how) => end.TrySetResult(how);

    public void Fail(Exception unexpected) => end.TrySetException(unexpected);

    public void Tell(RegimeState state)
    {
        lock (gate)
        {
            (states ??= []).Add(state);
            changed?.TrySetResult();
            changed = null;
        }
    }

    /// <summary>All states, those already told first; ends with the run.</summary>
    public async IAsyncEnumerable<RegimeState> StatesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            RegimeState? state = null;
            Task wait;
            lock (gate)
            {
                if (states is not null && next < states.Count)
                    state = states[next++];
                wait = (changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (state is not null)
                yield return state;
            else if (End.IsCompleted)
                yield break;
            else
                await Task.WhenAny(wait, End).WaitAsync(cancellationToken);
        }
    }
}
