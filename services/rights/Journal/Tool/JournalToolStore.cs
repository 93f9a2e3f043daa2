using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Rights.Journal.Tool;

/// <summary>Where the journal of a command line is: the service's settings, without its services.</summary>
internal sealed class JournalToolStore(IConfiguration configuration) : IAsyncDisposable
{
    private readonly string? connection = Setting(configuration, "ConnectionStrings:Rights");
    private NpgsqlDataSource? database;
    private KeyRing? keys;

    /// <summary>The service's keys: for signing, or as public keys.</summary>
    /// <exception cref="InvalidOperationException">They are not where the settings say.</exception>
    public KeyRing Keys => keys ??= KeyRing.Load(Setting(configuration, "Keys:Rights:File") ?? Path.Combine(Folder, "keys", "rights.json"), createMissing: false);

    public RetentionOptions Retention { get; } = RetentionOptions.Checked(configuration.GetSection(RetentionOptions.Section).Get<RetentionOptions>() ?? new RetentionOptions());

    private string Folder => Setting(configuration, "Data:Folder") ?? throw new InvalidOperationException("Neither --connection, ConnectionStrings:Rights nor Data:Folder says where the journal is.");

    public RightsDb Open() => Context(connection);

    /// <summary>As the role that may remove: the application's own cannot.</summary>
    public RightsDb OpenAsOwner() =>
        Context(connection is null ? null : Setting(configuration, "ConnectionStrings:RightsOwner") ?? throw new InvalidOperationException("ConnectionStrings:RightsOwner is not set: a purge needs the owner's role."));

    public async Task<IJournalSource> SourceAsync(CancellationToken cancellationToken) => connection is null
        ? await StoreSource.OpenAsync(Open(), cancellationToken)
        : await PostgresSource.OpenAsync(Open(), database ??= PostgresSource.Database(connection), cancellationToken);

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    private RightsDb Context(string? with)
    {
        var options = new DbContextOptionsBuilder<RightsDb>();
        return new RightsDb((with is null ? options.UseSqlite($"Data Source={Path.Combine(Folder, "rights.db")};Default Timeout=30") : options.UseNpgsql(with)).Options);
    }

    private static string? Setting(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value : null;
}
