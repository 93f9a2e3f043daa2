using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>The journal of several processes, and that nobody there can undo it.</summary>
public sealed class JournalOnPostgresTests(TestServers servers)
{
    [Fact]
    public async Task On_postgresql_the_chains_of_two_processes_recompute_without_holes()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.StartHostAsync();
        await world.AskManyAsync(200);

        Assert.True(await Chain.VerifyAsync(world.Host) >= 200);
        await using var db = world.Host.Journal();
        Assert.Equal(2, await db.Writers.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_changed_record_is_found_out()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(3);
        await Sql.RunAsync(world.Database!.Administrator, "UPDATE records SET \"Reason\" = 'patient-absent' WHERE \"Kind\" = 3");

        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Chain.VerifyAsync(world.Host));
    }

    [Theory]
    [InlineData("UPDATE records SET \"Reason\" = ''")]
    [InlineData("DELETE FROM records")]
    [InlineData("TRUNCATE records")]
    [InlineData("UPDATE batches SET \"Batch\" = 1")]
    [InlineData("DELETE FROM batches")]
    [InlineData("DELETE FROM checkpoints")]
    [InlineData("UPDATE dispatches SET \"Batch\" = 1")]
    [InlineData("DELETE FROM batch_files")]
    [InlineData("DELETE FROM batch_lines")]
    [InlineData("TRUNCATE batch_lines")]
    [InlineData("DROP TABLE records")]
    [InlineData("DELETE FROM records_other")]
    [InlineData("ALTER TABLE records DISABLE TRIGGER ALL")]
    public async Task The_applications_role_can_change_nothing(string sql)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Sql.RunAsync(world.Database!.Application, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    /// <summary>Whatever tables there are, and will be: by the catalogue.</summary>
    [Fact]
    public async Task Of_all_that_is_stored_the_applications_role_changes_the_files_of_questions_alone_and_deletes_nothing()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await using var application = await Sql.OpenAsync(world.Database!.Application);

        Assert.Equal(["batch_files UPDATE", "batch_lines UPDATE"], await ListAsync("""
            SELECT c.relname || ' ' || may FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) may
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
              AND (has_table_privilege(c.oid, may) OR may = 'UPDATE' AND has_any_column_privilege(c.oid, may)) ORDER BY 1
            """));
        // Nor does it own anything, act as anybody else, or make what would shadow a table.
        Assert.Empty(await ListAsync("SELECT relname::text FROM pg_class WHERE relowner = current_user::regrole"));
        Assert.Empty(await ListAsync("SELECT rolname::text FROM pg_roles WHERE rolname <> current_user AND pg_has_role(oid, 'MEMBER')"));
        Assert.Equal(["false false false false"], await ListAsync(
            "SELECT concat_ws(' ', rolsuper::text, rolcreaterole::text, rolbypassrls::text, has_schema_privilege('public', 'CREATE')::text) FROM pg_roles WHERE rolname = current_user"));
        // A schema of its own, or one of its session, would come before that of the tables.
        const string places = "SELECT may FROM unnest(ARRAY['CREATE', 'TEMPORARY']) may WHERE has_database_privilege(current_database(), may)";
        Assert.Empty(await ListAsync(places));
        await Sql.RunAsync(world.Database!.Administrator, "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$");
        Assert.Equal(["TEMPORARY"], await ListAsync(places));
        // All of it was looked at.
        var seen = await ListAsync("SELECT relname::text FROM pg_class WHERE has_table_privilege(oid, 'INSERT') AND relkind IN ('r', 'p')");
        Assert.All(["records", "records_other", "batches", "writers", "checkpoints", "checkpoint_heads", "tiles", "tombstones", "dispatches", "statements", "announced_downtimes"], table => Assert.Contains(table, seen));

        async Task<List<string>> ListAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, application);
            await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            List<string> list = [];
            while (await rows.ReadAsync(TestContext.Current.CancellationToken))
                list.Add(rows.GetString(0));
            return list;
        }
    }

    [Fact]
    public async Task Records_are_in_the_partition_of_their_month()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(2);
        var month = TimeProvider.System.GetUtcNow();

        // Two answers, and the « asked » of each that did not leave in its answer's own commit.
        var records = await Sql.RunAsync(world.Database!.Administrator, "SELECT count(*) FROM records");
        Assert.InRange((long)records!, 2, 4);
        Assert.Equal(records, await Sql.RunAsync(world.Database!.Administrator, FormattableString.Invariant($"SELECT count(*) FROM records_{month:yyyyMM}")));
        Assert.Equal(0L, await Sql.RunAsync(world.Database!.Administrator, "SELECT count(*) FROM records_other"));
    }
}
