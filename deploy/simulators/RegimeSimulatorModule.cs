using Cdr.RegimeSimulator.BackEnds;
using Cdr.RegimeSimulator.Registry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Cdr.RegimeSimulator;

/// <summary>Regime back ends over a synthetic population: one for each regime of the registry.</summary>
public static partial class RegimeSimulatorModule
{
    public static IHostApplicationBuilder AddRegimeSimulator(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOptions<SimulatorOptions>().BindConfiguration(SimulatorOptions.Section).ValidateDataAnnotations()
            .Validate(static options => options.RegistryFile is null || File.Exists(options.RegistryFile), "Simulator:RegistryFile does not exist.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => RegimeRegistry.Load(Options(provider).RegistryFile));
        services.AddSingleton(static provider => new SimulatedPeople(
            Options(provider).Seed, Options(provider).InsuredPersons, provider.GetRequiredService<RegimeRegistry>()));
        services.AddSingleton(static provider => AllBackEnds.Create(
            provider.GetRequiredService<RegimeRegistry>(), provider.GetRequiredService<SimulatedPeople>(),
            Options(provider).Profile, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new RegimeSwitches(provider.GetRequiredService<IReadOnlyList<BackEnd>>()));
        services.AddSingleton(static provider => new SimulatedDirectory(provider.GetRequiredService<SimulatedPeople>(), provider.GetRequiredService<TimeProvider>()));
        return builder;
    }

    public static IEndpointRouteBuilder MapRegimeSimulator(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var backEnds = routes.ServiceProvider.GetRequiredService<IReadOnlyList<BackEnd>>();
        foreach (var backEnd in backEnds)
            routes.MapPost(backEnd.Regime.Address + backEnd.Protocol.Path, backEnd.HandleAsync)
                .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("directory/affiliations", (DirectoryQuestion question, HttpContext context, SimulatedDirectory directory) => directory.HandleAsync(question, context))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        routes.MapAdministration();

        var logger = routes.ServiceProvider.GetRequiredService<ILogger<RegimeSwitches>>();
        Log.Serving(logger, backEnds.Count, routes.ServiceProvider.GetRequiredService<SimulatedPeople>().Count);
        if (Options(routes.ServiceProvider).Profile == SimulatorProfile.Bench)
            Log.Bench(logger);
        return routes;
    }

    private static SimulatorOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<SimulatorOptions>>().Value;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Regimes} simulated regimes, {InsuredPersons} insured persons, all fictitious")]
        public static partial void Serving(ILogger logger, int regimes, int insuredPersons);

        [LoggerMessage(2, LogLevel.Warning, "Profile bench: no latency, no capacity and no nightly hours are simulated")]
        public static partial void Bench(ILogger logger);
    }
}
