using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Cdr.ServiceDefaults.Stores;

/// <summary>A service's own database. Instants are UTC through one converter: SQLite otherwise refuses to order them, Npgsql refuses other offsets.</summary>
public abstract class StoreContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Tables whose rows are never changed nor removed. SQLite is told so when its file is made; in PostgreSQL the context's migrations say it.</summary>
    public virtual IReadOnlyList<string> AppendOnlyTables => [];

    /// <summary>Tables whose rows are removed only where a condition on <c>OLD</c> holds. SQLite is told so when its file is made; in PostgreSQL the context's migrations say it.</summary>
    public virtual IReadOnlyDictionary<string, string> Erasable => System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>Tables of an append-only store whose rows the application's role may change, though not remove: what is under way, beside what is evidence.</summary>
    public virtual IReadOnlyList<string> ChangingTables => [];

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    /// <summary>To whole microseconds, what PostgreSQL keeps: the same instant reads back equal from both stores.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
        instant => new DateTime(instant.UtcTicks - instant.UtcTicks % 10, DateTimeKind.Utc),
        stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc), TimeSpan.Zero));
}
