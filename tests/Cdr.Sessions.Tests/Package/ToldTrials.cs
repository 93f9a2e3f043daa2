using System.Collections.Concurrent;
using Cdr.Contracts.Sessions;
using MassTransit;

namespace Cdr.Sessions.Tests.Package;

/// <summary>What a bus was told of failed trials; as long as it is down, it takes nothing.</summary>
internal sealed class ToldTrials : IPublishObserver
{
    public ConcurrentQueue<TrialFailed> Told { get; } = new();

    public bool IsDown { get; set; }

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => IsDown ? throw new InvalidOperationException("The broker is down.") : Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        if (context.Message is TrialFailed failed)
            Told.Enqueue(failed);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
