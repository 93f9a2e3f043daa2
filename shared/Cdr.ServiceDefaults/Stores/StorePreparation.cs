using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Cdr.ServiceDefaults.Stores;

/// <summary>Brings stores to the schema this program was built for.</summary>
public static partial class StorePreparation
{
    /// <summary>Embedded: creates each SQLite file, or sets one of another model aside, saying so.</summary>
    public static async Task PrepareEmbeddedStoresAsync(this IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Cdr.Stores");
        foreach (var store in services.GetServices<Store>().Where(s => s.IsEmbedded))
            await PrepareSqliteAsync(services, store, log);
    }

    /// <summary>PostgreSQL: migrates as the owner, then grants the application's role what it needs and no more.</summary>
    public static async Task MigrateStoresAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Cdr.Stores");
        foreach (var store in services.GetServices<Store>())
        {
            if (store.IsEmbedded)
            {
                await PrepareSqliteAsync(services, store, log);
                continue;
            }

            var owner = store.OwnerConnectionString ?? throw new InvalidOperationException($"ConnectionStrings:{store.Name}Owner is not set: migrations need the owner's role.");
            await using var db = Context(store, owner);
            // As long as it takes: what gives up at thirty seconds never succeeds on a large table.
            db.Database.SetCommandTimeout(TimeSpan.FromHours(12));
            await db.Database.MigrateAsync(cancellationToken);
            var role = new NpgsqlConnectionStringBuilder(store.ConnectionString).Username ?? throw new InvalidOperationException($"ConnectionStrings:{store.Name} names no role.");
            await db.Database.ExecuteSqlRawAsync(Grants(role, store.AppendOnly, db.ChangingTables), cancellationToken);
            Log.Migrated(log, store.Name);
        }
    }

    /// <summary>What <see cref="MigrateStoresAsync"/> would do: the migrations that each store of PostgreSQL waits for; none of an embedded one.</summary>
    public static async Task<IReadOnlyList<(Store Store, IReadOnlyList<string> Migrations)>> PendingMigrationsAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        List<(Store, IReadOnlyList<string>)> pending = [];
        foreach (var store in services.GetServices<Store>())
        {
            if (store.IsEmbedded)
            {
                pending.Add((store, []));
                continue;
            }

            // As the owner where it is given: before the first migration the application's role has no rights to look.
            await using var db = Context(store, string.IsNullOrEmpty(store.OwnerConnectionString) ? store.ConnectionString : store.OwnerConnectionString);
            pending.Add((store, [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)]));
        }

        return pending;
    }

    private static string Grants(string role, bool appendOnly, IReadOnlyList<string> changing)
    {
        var quoted = "\"" + role.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        var rights = appendOnly ? "SELECT, INSERT" : "SELECT, INSERT, UPDATE, DELETE";
        return $"""
            GRANT USAGE ON SCHEMA public TO {quoted};
            REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted};
            GRANT {rights} ON ALL TABLES IN SCHEMA public TO {quoted};
            {string.Concat(changing.Select(table => $"GRANT UPDATE ON TABLE public.{table} TO {quoted};"))}
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted};
            REVOKE ALL ON TABLE public.migrations FROM {quoted};
            GRANT SELECT ON TABLE public.migrations TO {quoted};
            """;
    }

    private static StoreContext Context(Store store, string? connectionString)
    {
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(store.Context))!;
        StoreRegistration.Use(options, store, connectionString);
        return (StoreContext)Activator.CreateInstance(store.Context, options.Options)!;
    }

    private static async Task PrepareSqliteAsync(IServiceProvider services, Store store, ILogger log)
    {
        var file = store.File!;
        var clock = services.GetRequiredService<TimeProvider>();
        await using var db = Context(store, null);
        var appendOnly = string.Concat(db.AppendOnlyTables.Select(table => Refused(table, "UPDATE") + Refused(table, "DELETE", db.Erasable.GetValueOrDefault(table))))
            + string.Concat(db.Erasable.Where(one => !db.AppendOnlyTables.Contains(one.Key)).Select(one => Refused(one.Key, "DELETE", one.Value)));
        var script = db.Database.GenerateCreateScript() + appendOnly;
        var version = BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(script))) & int.MaxValue;
        if (File.Exists(file) && await VersionAsync(db) != version)
        {
            await db.Database.CloseConnectionAsync();
            SqliteConnection.ClearAllPools();
            var aside = $"{file}.{clock.GetUtcNow():yyyyMMddHHmmss}.aside";
            for (var next = 2; File.Exists(aside); next++)
                aside = $"{file}.{clock.GetUtcNow():yyyyMMddHHmmss}-{next}.aside";
            foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
            {
                if (File.Exists(file + suffix))
                    File.Move(file + suffix, aside + suffix);
            }

            Log.SetAside(log, store.Name, aside);
        }

        if (await db.Database.EnsureCreatedAsync())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;");
            if (appendOnly.Length > 0)
                await db.Database.ExecuteSqlRawAsync(appendOnly);
            var stamp = "PRAGMA user_version=" + version.ToString(System.Globalization.CultureInfo.InvariantCulture) + ";";
            await db.Database.ExecuteSqlRawAsync(stamp);
        }
    }

    private static string Refused(string table, string change, string? unless = null) =>
        $"CREATE TRIGGER {table}_no_{change.ToLowerInvariant()} BEFORE {change} ON {table} {(unless is null ? "" : $"WHEN NOT ({unless}) ")}BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END;\n";

    private static async Task<int> VersionAsync(DbContext db)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        return Convert.ToInt32(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Store {Store}: schema up to date.")]
        public static partial void Migrated(ILogger logger, string store);

        [LoggerMessage(2, LogLevel.Warning, "Store {Store}: the file was made by another version of this program; it was set aside as {Aside} and a new one begins.")]
        public static partial void SetAside(ILogger logger, string store, string aside);
    }
}
