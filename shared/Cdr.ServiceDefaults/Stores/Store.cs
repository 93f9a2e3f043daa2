using Microsoft.Extensions.Configuration;

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
    /// <summary>True on SQLite.</summary>
    public bool IsEmbedded => File is not null;

    /// <summary>Connection strings hold passwords.</summary>
    public override string ToString() => $"{Name} ({(IsEmbedded ? "SQLite" : "PostgreSQL")})";

    internal static Store From(IConfiguration configuration, string name, Type context, bool appendOnly)
    {
        var connection = configuration.GetConnectionString(name);
        if (!string.IsNullOrEmpty(connection))
            return new Store(name, context, appendOnly, connection, configuration.GetConnectionString(name + "Owner"), null);
        return new Store(name, context, appendOnly, null, null, Path.Combine(DataFolder(configuration, $"ConnectionStrings:{name}"), name.ToLowerInvariant() + ".db"));
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
