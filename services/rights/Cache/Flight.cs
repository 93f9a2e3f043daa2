namespace Cdr.Rights.Cache;

/// <summary>One call to a regime, for whoever asks the same meanwhile.</summary>
internal sealed class Flight
{
    private readonly TaskCompletionSource<KeptReply> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<KeptReply> Said => said.Task;

    /// <summary>Whether the regime told of a change meanwhile, to this process or another: who asks after it may not be given what was said before.</summary>
    public Task<bool> Changed => changed.Task;

    public void Say(KeptReply reply) => said.TrySetResult(reply);

    public void Fail(Exception e) => said.TrySetException(e);

    public void End(bool hasChanged) => changed.TrySetResult(hasChanged);
}
