using System.Diagnostics;
using System.Threading.Channels;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Journal;

/// <summary>
/// From the writer to the dispatcher: this process's batches, in order. When the broker is down for long, the oldest are let go here
/// and read again from the journal.
/// </summary>
internal sealed class CommittedBatches(DispatchMeter meter)
{
    private readonly Channel<CommittedBatch> channel =
        Channel.CreateBounded<CommittedBatch>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<CommittedBatch> Reader => channel.Reader;

    /// <param name="message">The batch.</param>
    /// <param name="questions">Traces of its questions; none of a batch that is read again.</param>
    public void Add(ConsultationsAnswered message, IReadOnlyList<ActivityContext>? questions = null)
    {
        meter.Committed(message.Batch);
        channel.Writer.TryWrite(new CommittedBatch(message, questions ?? []));
    }

    /// <summary>The broker has confirmed it.</summary>
    public void Told(long batch) => meter.Told(batch);
}
