using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Cdr.Rights.Tests.Harness;

/// <summary>Exceptions that reached the last handler: there are none, whatever the test does.</summary>
internal sealed class Unhandled : ILoggerProvider
{
    public ConcurrentQueue<Exception> Exceptions { get; } = [];

    /// <value>Why Sessions could not be asked: what a 503 itself does not say.</value>
    public ConcurrentQueue<string> Silences { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Ear(Unhandled unhandled, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && category == "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware" || category == "Cdr.ServiceDefaults.Identity.SessionGate";

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            if (exception is not null)
                unhandled.Exceptions.Enqueue(exception);
            else
                unhandled.Silences.Enqueue(formatter(state, exception));
        }
    }
}
