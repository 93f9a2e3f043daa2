using System.Data.Common;
using Cdr.Rights.Journal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Harness;

/// <summary>The store falls silent at the statements that a test names, as where a process or a connection dies between two of them.</summary>
internal sealed class CutStore : DbCommandInterceptor
{
    /// <value>Whether a statement is never heard.</value>
    public Func<string, bool> Cuts { get; set; } = _ => false;

    public void Register(IServiceCollection services) => services.AddSingleton<IDbContextFactory<RightsDb>>(provider =>
        new Contexts(new DbContextOptionsBuilder<RightsDb>(provider.GetRequiredService<DbContextOptions<RightsDb>>()).AddInterceptors(this).Options));

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        Cuts(command.CommandText) ? throw new TimeoutException() : base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        Cuts(command.CommandText) ? throw new TimeoutException() : base.ReaderExecutingAsync(command, eventData, result, cancellationToken);

    private sealed class Contexts(DbContextOptions<RightsDb> options) : IDbContextFactory<RightsDb>
    {
        public RightsDb CreateDbContext() => new(options);
    }
}
