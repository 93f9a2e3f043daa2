using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Rights.Journal.Tool;

/// <summary>Where the journal of a command line is: the service's settings, without its services.</summary>
internal sealed class JournalToolStore(JournalToolSettings settings) : IAsyncDisposable
{
    private NpgsqlDataSource? database;
    private KeyRing? keys;

    /// <summary>The service's keys: for signing, or as public keys.</summary>
    /// <exception cref="InvalidOperationException">They are not where the settings say.</exception>
    public KeyRing Keys => keys ??= KeyRing.Load(settings.KeysFile ?? Path.Combine(Folder, "keys", "rights.json"), createMissing: false);

    public RetentionOptions Retention => settings.Retention;

    private string Folder => settings.DataFolder ?? throw new InvalidOperationException("Neither --connection, ConnectionStrings:Rights nor Data:Folder says where the journal is.");

    public RightsDb Open() => Context(settings.Connection);

    /// <summary>As the role that may remove: the application's own cannot.</summary>
    public RightsDb OpenAsOwner() =>
        Context(settings.Connection is null ? null : settings.OwnerConnection ?? throw new InvalidOperationException("ConnectionStrings:RightsOwner is not set: a purge needs the owner's role."));

    public async Task<IJournalSource> SourceAsync(CancellationToken cancellationToken) => settings.Connection is null
        ? await StoreSource.OpenAsync(Open(), cancellationToken)
        : await PostgresSource.OpenAsync(Open(), database ??= PostgresSource.Database(settings.Connection), cancellationToken);

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    private RightsDb Context(string? with)
    {
        var options = new DbContextOptionsBuilder<RightsDb>();
        return new RightsDb((with is null ? options.UseSqlite($"Data Source={Path.Combine(Folder, "rights.db")};Default Timeout=30") : options.UseNpgsql(with)).Options);
    }
}
