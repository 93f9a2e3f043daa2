using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Cdr.RegimeSimulator.Tests;

/// <summary>The real program on a test server; profile bench and a small population unless a test says otherwise.</summary>
public sealed class SimulatorHost : WebApplicationFactory<RegimeSimulatorProgram>
{
    public const int InsuredPersons = 20_000;

    private readonly Dictionary<string, string> settings = new()
    {
        ["Simulator:InsuredPersons"] = $"{InsuredPersons}",
        ["Simulator:Profile"] = "bench",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    private readonly TimeProvider? clock;
    private readonly ILoggerProvider? logs;

    public SimulatorHost()
    {
    }

    internal SimulatorHost(Dictionary<string, string> settings, TimeProvider? clock = null, ILoggerProvider? logs = null)
    {
        foreach (var (key, value) in settings)
            this.settings[key] = value;
        (this.clock, this.logs) = (clock, logs);
    }

    public RegimeSwitches Switches => Services.GetRequiredService<RegimeSwitches>();

    public SimulatedPeople People => Services.GetRequiredService<SimulatedPeople>();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(static logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            if (clock is not null)
                services.Replace(ServiceDescriptor.Singleton(clock));
            if (logs is not null)
                services.AddSingleton(logs);
        });
    }
}

internal sealed class FixedClock(string utc) : TimeProvider
{
    private readonly DateTimeOffset now = DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture);

    public override DateTimeOffset GetUtcNow() => now;
}

internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Registry => Path.Combine(Root, "shared", "regimes.json");

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "cdr-platform.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
