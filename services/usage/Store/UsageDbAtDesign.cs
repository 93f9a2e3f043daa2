using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Cdr.Usage.Store;

/// <summary>For <c>dotnet ef migrations</c>, which needs no server: migrations are PostgreSQL's.</summary>
internal sealed class UsageDbAtDesign : IDesignTimeDbContextFactory<UsageDb>
{
    public UsageDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
}
