using System.Collections.Concurrent;
using Cdr.Contracts.Rights;
using MassTransit;

namespace Cdr.Rights.Tests.Harness;

/// <summary>Stands for the services that count: a queue bound to the facts.</summary>
internal sealed class ToldBatches : IAsyncDisposable
{
    private readonly IBusControl bus;

    private ToldBatches(string address) => bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(new Uri(address));
        rabbit.ReceiveEndpoint("told", endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1;
            endpoint.Handler<ConsultationsAnswered>(context =>
            {
                All.Enqueue(context.Message);
                return Task.CompletedTask;
            });
        });
    });

    public ConcurrentQueue<ConsultationsAnswered> All { get; } = [];

    public static async Task<ToldBatches> StartAsync(string address)
    {
        var told = new ToldBatches(address);
        await told.bus.StartAsync(TestContext.Current.CancellationToken);
        return told;
    }

    /// <summary>Each journal's numbers as they first came.</summary>
    public IEnumerable<IGrouping<Guid, long>> FirstTimes() =>
        All.ToArray().DistinctBy(m => (m.Journal, m.Batch)).GroupBy(m => m.Journal, m => m.Batch);

    public async ValueTask DisposeAsync() => await bus.StopAsync();
}
