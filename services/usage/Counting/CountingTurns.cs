using System.Collections.Concurrent;
using Cdr.Contracts.Rights;

namespace Cdr.Usage.Counting;

/// <summary>
/// Batches that wait are counted together: the first that gets the turn takes all that came meanwhile. One at a time a commit each, a busy
/// hour would raise the same counts thousands of times.
/// </summary>
internal sealed class CountingTurns : IDisposable
{
    /// <summary>How many messages may wait for the turn.</summary>
    public const int Most = 128;

    private readonly ConcurrentQueue<Waiting> waiting = new();
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Returns once the batch went through <paramref name="count"/>, with others or alone; an error is that of all it went with.</summary>
    /// <param name="batch">What was told.</param>
    /// <param name="count">Counts all that it takes of the turn.</param>
    /// <param name="cancellationToken">Of the message.</param>
    public async Task CountAsync(ConsultationsAnswered batch, Func<CountingTurn, Task> count, CancellationToken cancellationToken)
    {
        var mine = new Waiting(batch);
        waiting.Enqueue(mine);
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (!mine.Done.Task.IsCompleted)
                await CountAllAsync(count);
        }
        finally
        {
            turn.Release();
        }

        await mine.Done.Task;
    }

    public void Dispose() => turn.Dispose();

    private async Task CountAllAsync(Func<CountingTurn, Task> count)
    {
        List<Waiting> taken = [];
        try
        {
            await count(new CountingTurn(Take, () => taken.Count >= Most));
            taken.ForEach(one => one.Done.TrySetResult());
        }
        catch (Exception e)
        {
            taken.ForEach(one => one.Done.TrySetException(e));
        }

        List<ConsultationsAnswered> Take()
        {
            var before = taken.Count;
            while (taken.Count < Most && waiting.TryDequeue(out var next))
                taken.Add(next);
            return [.. taken.Skip(before).Select(one => one.Batch)];
        }
    }

    private sealed class Waiting(ConsultationsAnswered batch)
    {
        public ConsultationsAnswered Batch => batch;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What is counted together.</summary>
/// <param name="take">What waits by now, and was not taken yet.</param>
/// <param name="isFull">Nothing more is given out until these are counted.</param>
internal sealed class CountingTurn(Func<List<ConsultationsAnswered>> take, Func<bool> isFull)
{
    public bool IsFull => isFull();

    public List<ConsultationsAnswered> Take() => take();
}
