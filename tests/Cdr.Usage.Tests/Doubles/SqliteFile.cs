using Cdr.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Doubles;

/// <summary>A SQLite file of its own, as the embedded store is.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly TestFolder folder = new("usage-counts");

    private string Connection => $"Data Source={folder.File("usage.db")};Default Timeout=30";

    public async Task<CountingDesk> OpenAsync()
    {
        var desk = new CountingDesk(options => options.UseSqlite(Connection));
        await using var db = desk.CreateDbContext();
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;");
        return desk;
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(Connection))
            SqliteConnection.ClearPool(connection);
        folder.Dispose();
    }
}
