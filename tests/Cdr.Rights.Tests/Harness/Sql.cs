using Npgsql;

namespace Cdr.Rights.Tests.Harness;

/// <summary>What a test itself says to PostgreSQL.</summary>
internal static class Sql
{
    public static async Task<object?> RunAsync(string connection, string sql)
    {
        await using var open = await OpenAsync(connection);
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<NpgsqlConnection> OpenAsync(string connection)
    {
        var open = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await open.OpenAsync(TestContext.Current.CancellationToken);
        return open;
    }
}
