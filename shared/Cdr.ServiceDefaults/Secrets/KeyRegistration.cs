using Cdr.ServiceDefaults.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>Registers a service's keys.</summary>
public static class KeyRegistration
{
    /// <summary>
    /// Registers <see cref="KeyRing"/>, <see cref="Sealer"/> and <see cref="Pseudonyms"/> keyed by the service's name. The file is
    /// <c>Keys:{name}:File</c>; where the service's store is embedded, it is made in the data folder.
    /// </summary>
    /// <exception cref="InvalidOperationException">The setting is missing beside PostgreSQL: invented there, each replica would have its own keys.</exception>
    public static void AddKeys(this IHostApplicationBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var setting = $"Keys:{name}:File";
        var file = builder.Configuration[setting];
        if (string.IsNullOrEmpty(file) && !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)))
            throw new InvalidOperationException($"{setting} is not set: the service's data is in PostgreSQL, and its keys are given, never invented.");
        var ring = string.IsNullOrEmpty(file)
            ? KeyRing.Load(Path.Combine(Store.DataFolder(builder.Configuration, setting), "keys", name.ToLowerInvariant() + ".json"), createMissing: true)
            : KeyRing.Load(file, createMissing: false);
        builder.Services.AddKeyedSingleton(name, ring);
        builder.Services.AddKeyedSingleton(name, new Sealer(ring));
        builder.Services.AddKeyedSingleton(name, new Pseudonyms(ring));
    }
}
