using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;

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

    /// <summary>The session ended meanwhile.</summary>
    public sealed record SessionEnded : RunEnd;

    /// <summary>Nobody can vouch for the session.</summary>
    public sealed record SessionUnknown : RunEnd;

    /// <summary>The journal cannot promise durability: no answer.</summary>
    public sealed record NoJournal : RunEnd;
}

/// <summary>A consultation under way. A caller who leaves cancels nothing; one who comes back with its id finds it here.</summary>
internal sealed class ConsultationRun(Question question, CallerSession session, IReadOnlyList<string> regimes)
{
    private readonly Lock gate = new();
    private readonly List<RegimeState> states = [];

    // Learn of the person, and no record names them yet.
    private List<string> noted = [];
    private bool recording;

    // Named by a record that is being written.
    private List<string> taken = [];

    // Completes when it is known what became of every record so far.
    private Task? tried;

    // Callers go on where it ends: one thread hop fewer a question.
    private readonly TaskCompletionSource<RunEnd> end = new();

    // Made where somebody waits for it.
    private TaskCompletionSource? changed;

    public Question Question { get; } = question;

    /// <summary>Of who started it; others may have joined.</summary>
    public CallerSession Session { get; } = session;

    /// <summary>Ids of those of which a state will follow.</summary>
    public IReadOnlyList<string> Regimes { get; } = regimes;

    /// <summary>Completes once, when the answer is durable or refused.</summary>
    public Task<RunEnd> End => end.Task;

    /// <summary>Completes when the « asked » records so far are durable; null while no regime was called.</summary>
    public Task? AskedRecord { get; private set; }

    /// <summary>A regime was not asked because nobody vouched for the session at that moment.</summary>
    public bool LeftOut { get; set; }

    /// <summary>Somebody learns of the person: in the record that is about to be written, or in one more.</summary>
    /// <param name="whom">Id.</param>
    /// <param name="record">Writes a record of whom it gets when the record is made.</param>
    public void Note(string whom, Func<Func<IEnumerable<string>>, Task> record)
    {
        lock (gate)
        {
            noted.Add(whom);
            if (recording)
                return;
            recording = true;
            var written = record(TakeNoted);
            // Where it fails the next one tries again, with these names; at the latest the last.
            var trying = AgainAfterAsync(written);
            tried = tried is { } earlier ? Task.WhenAll(earlier, trying) : trying;
            AskedRecord = AskedRecord is { } before ? Task.WhenAll(before, written) : written;
        }
    }

    /// <summary>The question has ended: names that a failed record left are written once more, in one of their own.</summary>
    public async Task NoteRestAsync(Func<Func<IEnumerable<string>>, Task> record)
    {
        if (tried is null)
            return;
        await tried;
        Task written;
        lock (gate)
        {
            if (noted.Count == 0 || recording)
                return;
            recording = true;
            written = record(TakeNoted);
        }

        await AgainAfterAsync(written);
    }

    private async Task AgainAfterAsync(Task written)
    {
        try
        {
            await written;
            lock (gate)
                taken = [];
        }
        catch (Exception e) when (e is JournalUnavailableException or RecordExistsException)
        {
            lock (gate)
            {
                noted.InsertRange(0, taken);
                (taken, recording) = ([], false);
            }
        }
    }

    private List<string> TakeNoted()
    {
        lock (gate)
        {
            taken = noted;
            (noted, recording) = ([], false);
            return taken;
        }
    }

    public void Finish(RunEnd how) => end.TrySetResult(how);

    public void Fail(Exception unexpected) => end.TrySetException(unexpected);

    public void Tell(RegimeState state)
    {
        lock (gate)
        {
            states.Add(state);
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
                if (next < states.Count)
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
