using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.ServiceDefaults.Stores;

/// <summary>A store that does not answer now: the same question may be answered in a moment. Nothing is wrong with the question.</summary>
public static class StoreOutage
{
    // https://www.sqlite.org/rescode.html: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
    private static readonly int[] SqliteCodes = [5, 6, 10, 13, 14];

    // PostgreSQL, appendix A: connection exception, insufficient resources, operator intervention (not 57014: its caller gave up), system error.
    private static readonly string[] PostgresClasses = ["08", "53", "57P", "58"];

    /// <summary>Whether that is what an exception says, however the data access wrapped it.</summary>
    public static bool Is(Exception? exception) => exception switch
    {
        PostgresException said => said.IsTransient || PostgresClasses.Any(one => said.SqlState.StartsWith(one, StringComparison.Ordinal)),
        NpgsqlException => true,
        SqliteException said => SqliteCodes.Contains(said.SqliteErrorCode),
        TimeoutException => true,
        InvalidOperationException or DbUpdateException => Is(exception.InnerException),
        _ => false,
    };

    /// <summary>The status of an exception that nobody caught.</summary>
    internal static int Status(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        _ when Is(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
