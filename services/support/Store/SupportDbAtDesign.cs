using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Cdr.Support.Store;

/// <summary>For <c>dotnet ef migrations</c>, which needs no server: migrations are PostgreSQL's.</summary>
internal sealed class SupportDbAtDesign : IDesignTimeDbContextFactory<SupportDb>
{
    public SupportDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SupportDb>().UseNpgsql(npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
}
