using Microsoft.Extensions.DependencyInjection;

namespace Cdr.ServiceDefaults.Measures;

/// <summary>
/// Has counters that alerts are made of. A series is born with its first count, and « increase » does not see what a series is born with: of a
/// process that counts one failure and ends, nobody would ever hear.
/// </summary>
public interface IToldFromZero
{
    /// <summary>Adds 0 to each series that there may be: with every tag that an alert looks for.</summary>
    void TellZero();
}

/// <summary>Registers what is told so.</summary>
public static class ToldFromZero
{
    /// <summary>Called once by the host when it has started, and with it whoever listens.</summary>
    public static IServiceCollection AddToldFromZero<T>(this IServiceCollection services)
        where T : class, IToldFromZero =>
        services.AddSingleton<IToldFromZero>(provider => provider.GetRequiredService<T>());
}
