using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Cdr.Rights.Journal;

/// <summary>For the tool that writes migrations: PostgreSQL, no server needed.</summary>
internal sealed class RightsDbDesign : IDesignTimeDbContextFactory<RightsDb>
{
    public RightsDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<RightsDb>().UseNpgsql("Host=design", npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
}
