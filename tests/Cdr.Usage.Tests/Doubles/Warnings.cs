using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>What a class warns of.</summary>
internal sealed class Warnings<T> : ILogger<T>
{
    public ConcurrentQueue<string> Told { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (IsEnabled(logLevel))
            Told.Enqueue(formatter(state, exception));
    }
}
