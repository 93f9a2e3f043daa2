using System.Threading.Channels;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Journal;

/// <summary>
/// From the writer to the dispatcher: this process's batches, in order. When the broker is down for long, the oldest are let go here
/// and read again from the journal.
/// </summary>
internal sealed class CommittedBatches(DispatchMeter meter)
{
    private readonly Channel<ConsultationsAnswered> channel =
        Channel.CreateBounded<ConsultationsAnswered>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<ConsultationsAnswered> Reader => channel.Reader;

    public void Add(ConsultationsAnswered message)
    {
        meter.Committed(message.Batch);
        channel.Writer.TryWrite(message);
    }

    /// <summary>The broker has confirmed it.</summary>
    public void Told(long batch) => meter.Told(batch);
}
