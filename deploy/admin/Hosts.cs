using Cdr.Portal;
using Cdr.Rights;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions;
using Cdr.Support;
using Cdr.Usage;

namespace Cdr.Admin;

/// <summary>The services as this program builds them: their stores and keys; nothing of them is started, and nothing but their stores is spoken to.</summary>
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
    /// <exception cref="InvalidOperationException">A setting lacks. Embedded stores are refused: the process that has them makes and migrates them.</exception>
    public static WebApplication Build(string service)
    {
        var builder = WebApplication.CreateBuilder([]);
        builder.Configuration.AddSecretFiles();
        var name = char.ToUpperInvariant(service[0]) + service[1..];
        if (string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)))
            throw new InvalidOperationException($"ConnectionStrings:{name} is not set: this command works on the PostgreSQL of an installation.");
        // Neither the shared state nor the bus is spoken to; what would stand for them is memory, and writes no file.
        builder.Configuration.AddInMemoryCollection([new(SecretFiles.Setting, ""), new("ConnectionStrings:Redis", ""), new("ConnectionStrings:RabbitMq", ""), new("Data:Folder", Path.GetTempPath())]);
        // The answer is the standard output; and a store that does not answer is one line of this program's own.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.AddServiceDefaults(service);
        Modules[service](builder);
        return builder.Build();
    }
}
