using Cdr.Rights.Journal;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Cdr.Rights.Batches;

/// <summary>
/// Where a line's lease, tries and end are noted. On PostgreSQL by connections of its own whose commits wait for no disk, since a desk's would
/// wait behind them: what a crash of the store takes is the newest, and comes again from the journal, whose commits all wait.
/// </summary>
internal sealed class LaneStore
{
    private readonly IDbContextFactory<RightsDb> contexts;

    public LaneStore(IDbContextFactory<RightsDb> contexts, [FromKeyedServices(RightsModule.Name)] Store store, IOptions<BatchOptions> options, IServiceProvider services) =>
        this.contexts = store.ConnectionString is { } connection
            ? new PooledDbContextFactory<RightsDb>(new DbContextOptionsBuilder<RightsDb>().UseApplicationServiceProvider(services).UseNpgsql(Quick(connection, options.Value.AtOnce)).Options)
            : contexts;

    public Task<RightsDb> OpenAsync(CancellationToken cancellationToken) => contexts.CreateDbContextAsync(cancellationToken);

    // A line has one connection at a time.
    private static string Quick(string connection, int atOnce)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { MinPoolSize = 0, MaxPoolSize = atOnce };
        settings.Options = $"{settings.Options} -c synchronous_commit=off".TrimStart();
        return settings.ConnectionString;
    }
}
