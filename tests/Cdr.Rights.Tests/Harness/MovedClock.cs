using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(Cdr.Rights.Tests.Harness.MovedClockStartup))]

namespace Cdr.Rights.Tests.Harness;

/// <summary>The machine's clock, so much later: its timers go on as they do. What is written in the file is told to other processes.</summary>
internal sealed class MovedClock(string file) : TimeProvider
{
    /// <summary>Environment variable that names the file, for a process of the real program.</summary>
    public const string Variable = "CDR_TEST_CLOCK";

    private readonly Lock gate = new();
    private long read;
    private TimeSpan later;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Later();

    public void Advance(TimeSpan by)
    {
        File.WriteAllText(file, (Later(again: true) + by).Ticks.ToString(CultureInfo.InvariantCulture));
        Later(again: true);
    }

    private TimeSpan Later(bool again = false)
    {
        lock (gate)
        {
            var now = Environment.TickCount64;
            if (again || read == 0 || now - read > 20)
            {
                // Empty for the moment in which it is written.
                if (File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var ticks))
                    later = TimeSpan.FromTicks(ticks);
                read = now;
            }

            return later;
        }
    }
}

/// <summary>Gives the moved clock to a process of the real program: see <see cref="StartupHook"/>.</summary>
internal sealed class MovedClockStartup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(MovedClock.Variable) is { Length: > 0 } file)
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(new MovedClock(file)));
    }
}
