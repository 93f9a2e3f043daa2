using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Cdr.Sessions.Data;

/// <summary>For <c>dotnet ef migrations add</c> only: no server is asked.</summary>
internal sealed class SessionsDbFactory : IDesignTimeDbContextFactory<SessionsDb>
{
    public SessionsDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SessionsDb>().UseNpgsql("Host=design", npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
}
