namespace Cdr.Rights.Cache;

/// <summary>One call to a regime, for whoever asks the same meanwhile.</summary>
/// <param name="firstAnswer">How long the answer of who asked first takes, where nothing waits before it: deriving, sealing and a commit.</param>
internal sealed class Flight(TimeSpan firstAnswer)
{
    private static readonly TimeSpan Usually = TimeSpan.FromMilliseconds(4);

    private readonly TaskCompletionSource<KeptReply> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Flight()
        : this(Usually)
    {
    }

    public Task<KeptReply> Said => said.Task;

    /// <summary>Whether the regime told of a change meanwhile, to this process or another: who asks after it may not be given what was said before.</summary>
    public Task<bool> Changed => changed.Task;

    /// <summary>Somebody else waits for it.</summary>
    public void Join() => joined.TrySetResult();

    /// <summary>
    /// What was said may be stored now. Storing is several steps of the shared state, on the cores that the first answer is being written and
    /// journaled on: it begins when that has had the time, or when somebody else waits.
    /// </summary>
    public Task MayStoreAsync() => Task.WhenAny(joined.Task, Task.Delay(firstAnswer));

    public void Say(KeptReply reply) => said.TrySetResult(reply);

    public void Fail(Exception e) => said.TrySetException(e);

    public void End(bool hasChanged) => changed.TrySetResult(hasChanged);
}
