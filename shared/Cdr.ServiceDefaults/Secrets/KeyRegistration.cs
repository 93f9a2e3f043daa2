using Cdr.ServiceDefaults.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.ServiceDefaults.Secrets;

/// <summary>Registers a service's keys.</summary>
public static class KeyRegistration
{
    /// <summary>Registers <see cref="KeyRing"/>, <see cref="Sealer"/> and <see cref="Pseudonyms"/> keyed by the service's name. The file is <c>Keys:{name}:File</c>; embedded, it is made in the data folder.</summary>
    public static void AddKeys(this IHostApplicationBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var file = builder.Configuration[$"Keys:{name}:File"];
        var ring = string.IsNullOrEmpty(file)
            ? KeyRing.Load(Path.Combine(Store.DataFolder(builder.Configuration, $"Keys:{name}:File"), "keys", name.ToLowerInvariant() + ".json"), createMissing: true)
            : KeyRing.Load(file, createMissing: false);
        builder.Services.AddKeyedSingleton(name, ring);
        builder.Services.AddKeyedSingleton(name, new Sealer(ring));
        builder.Services.AddKeyedSingleton(name, new Pseudonyms(ring));
    }
}
