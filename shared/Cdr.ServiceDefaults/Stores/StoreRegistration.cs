using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Cdr.ServiceDefaults.Stores;

/// <summary>Registers a service's database.</summary>
public static class StoreRegistration
{
    /// <summary>Registers the context (scoped), its pooled factory, its <see cref="Store"/> (keyed by name) and its readiness check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The service's name, capitalised; also the connection string's.</param>
    /// <param name="appendOnly">The application's role only selects and inserts.</param>
    public static Store AddStore<TContext>(this IHostApplicationBuilder builder, string name, bool appendOnly = false)
        where TContext : StoreContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var store = Store.From(builder.Configuration, name, typeof(TContext), appendOnly);
        builder.Services.AddSingleton(store);
        builder.Services.AddKeyedSingleton(name, store);
        builder.Services.AddPooledDbContextFactory<TContext>(options => Use(options, store, store.ConnectionString));
        StoreCheck<TContext>? check = null;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "store-" + name.ToLowerInvariant(),
            services => check ??= new StoreCheck<TContext>(services.GetRequiredService<IDbContextFactory<TContext>>(), store),
            HealthStatus.Unhealthy,
            ["ready"],
            TimeSpan.FromSeconds(5)));
        return store;
    }

    internal static void Use(DbContextOptionsBuilder options, Store store, string? connectionString)
    {
        if (store.File is { } file)
            options.UseSqlite($"Data Source={file};Default Timeout=30");
        else
            options.UseNpgsql(connectionString, npgsql => npgsql.MigrationsHistoryTable("migrations", "public"));
    }
}

/// <summary>Ready when the server answers and its schema is the one this program was built for.</summary>
internal sealed class StoreCheck<TContext>(IDbContextFactory<TContext> contexts, Store store) : IHealthCheck
    where TContext : StoreContext
{
    private volatile bool isThere;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Database.CanConnectAsync(cancellationToken))
            return HealthCheckResult.Unhealthy("no connection");
        // Schemas only go forward. A migration of the next version holds the table that says so, for as long as it takes: who asked would not be ready meanwhile.
        if (store.IsEmbedded || isThere)
            return HealthCheckResult.Healthy();
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return HealthCheckResult.Unhealthy("schema behind: run migrate");
        isThere = true;
        return HealthCheckResult.Healthy();
    }
}
