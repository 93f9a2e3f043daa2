using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults;

/// <summary>
/// The framework puts each request's path around all that is logged within it, where an operator turns scopes on; and a caller may have put a
/// person in it by mistake. No filter reaches a scope: its logger opens none here. Traces tie a request's lines together.
/// </summary>
internal sealed class AddresslessLoggers(ILoggerFactory inner) : ILoggerFactory
{
    private const string Hosting = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public static ILoggerFactory Make(IServiceProvider services) => new AddresslessLoggers(new LoggerFactory(
        services.GetServices<ILoggerProvider>(), services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(), services.GetRequiredService<IOptions<LoggerFactoryOptions>>()));

    public ILogger CreateLogger(string categoryName) => categoryName == Hosting ? new Scopeless(inner.CreateLogger(categoryName)) : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class Scopeless(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
