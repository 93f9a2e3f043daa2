using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Cdr.ServiceDefaults.Stores;

/// <summary>Where a service keeps its data: PostgreSQL when a connection string has its name, a SQLite file in the data folder otherwise.</summary>
/// <param name="Name">The service's name, capitalised: <c>Rights</c>.</param>
/// <param name="Context">Its context type.</param>
/// <param name="AppendOnly">The application's role only selects and inserts.</param>
/// <param name="ConnectionString">PostgreSQL as the application's role; null when embedded.</param>
/// <param name="OwnerConnectionString">PostgreSQL as the owner, for <c>migrate</c>, and for a purge that the service is told to do itself.</param>
/// <param name="File">SQLite file; null when on PostgreSQL.</param>
public sealed record Store(string Name, Type Context, bool AppendOnly, string? ConnectionString, string? OwnerConnectionString, string? File)
{
    // All replicas of all services share what a server takes, some hundreds; and a hundred connections made at once, as a process just started would,
    // cost more than waiting for one of thirty.
    private const int Connections = 30;

    /// <summary>True on SQLite.</summary>
    public bool IsEmbedded => File is not null;

    /// <summary>Connection strings hold passwords.</summary>
    public override string ToString() => $"{Name} ({(IsEmbedded ? "SQLite" : "PostgreSQL")})";

    internal static Store From(IConfiguration configuration, string name, Type context, bool appendOnly)
    {
        var connection = configuration.GetConnectionString(name);
        if (!string.IsNullOrEmpty(connection))
            return new Store(name, context, appendOnly, Bounded(connection), configuration.GetConnectionString(name + "Owner"), null);
        return new Store(name, context, appendOnly, null, null, Path.Combine(DataFolder(configuration, $"ConnectionStrings:{name}"), name.ToLowerInvariant() + ".db"));
    }

    /// <summary>With a size of its pool: the string's own where it names one.</summary>
    private static string Bounded(string connection)
    {
        var named = new DbConnectionStringBuilder { ConnectionString = connection };
        return named.ContainsKey("Maximum Pool Size") || named.ContainsKey("MaxPoolSize") ? connection : new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = Connections }.ConnectionString;
    }

    /// <summary>The embedded data folder, or a start-up error that names both settings.</summary>
    internal static string DataFolder(IConfiguration configuration, string instead)
    {
        var folder = configuration["Data:Folder"];
        if (string.IsNullOrEmpty(folder))
            throw new InvalidOperationException($"Neither {instead} nor Data:Folder is set: give the server's address, or a folder for embedded use.");
        return Directory.CreateDirectory(folder).FullName;
    }
}
