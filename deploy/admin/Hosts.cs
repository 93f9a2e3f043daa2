using Cdr.Portal;
using Cdr.Rights;
using Cdr.ServiceDefaults;
using Cdr.Sessions;
using Cdr.Support;
using Cdr.Usage;

namespace Cdr.Admin;

/// <summary>The services as this program builds them: their settings, stores and keys; nothing of them is started.</summary>
internal static class Hosts
{
    private static readonly Dictionary<string, Action<WebApplicationBuilder>> Modules = new(StringComparer.Ordinal)
    {
        ["sessions"] = builder => builder.AddSessions(),
        ["rights"] = builder => builder.AddRights(),
        ["usage"] = builder => builder.AddUsage(),
        ["support"] = builder => builder.AddSupport(),
        ["portal"] = builder => builder.AddPortal(),
    };

    /// <value>In the order in which they are migrated.</value>
    public static IReadOnlyList<string> Names { get; } = [.. Modules.Keys];

    /// <param name="service">One of <see cref="Names"/>.</param>
    public static WebApplication Build(string service)
    {
        var builder = WebApplication.CreateBuilder([]);
        // The answer is the standard output.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
            // A store that does not answer is one line of this program's own.
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.AddServiceDefaults(service);
        Modules[service](builder);
        return builder.Build();
    }
}
