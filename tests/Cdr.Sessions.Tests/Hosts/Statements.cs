using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>Counts what the requests ask of the database; housekeeping's own is not theirs.</summary>
internal sealed class Statements : DbCommandInterceptor
{
    private int count;

    public int Count
    {
        get => Volatile.Read(ref count);
        set => Volatile.Write(ref count, value);
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Heard();
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Heard();
        return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
    }

    private void Heard()
    {
        // Housekeeping's rounds go on beside, within no request.
        if (Activity.Current is not null)
            Interlocked.Increment(ref count);
    }
}
