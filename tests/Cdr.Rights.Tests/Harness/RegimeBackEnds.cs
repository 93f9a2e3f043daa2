using Cdr.RegimeSimulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Rights.Tests.Harness;

/// <summary>The simulated regimes of one test, with their switches.</summary>
internal sealed class RegimeBackEnds : IAsyncDisposable
{
    private readonly WebApplication app;

    private RegimeBackEnds(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    public RegimeSwitches Switches => app.Services.GetRequiredService<RegimeSwitches>();

    public SimulatedDirectory Directory => app.Services.GetRequiredService<SimulatedDirectory>();

    public SimulatedPeople People => app.Services.GetRequiredService<SimulatedPeople>();

    public long Calls(string regime) => Switches.Activity(regime).Calls;

    public long AllCalls => Switches.Regimes.Sum(Calls);

    public static async Task<RegimeBackEnds> StartAsync(string registryFile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Simulator:Profile"] = "bench",
            ["Simulator:InsuredPersons"] = "300",
            ["Simulator:RegistryFile"] = registryFile,
        });
        builder.AddRegimeSimulator();
        var app = builder.Build();
        app.MapRegimeSimulator();
        await app.StartAsync();
        return new RegimeBackEnds(app)
        {
            Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/"),
        };
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
