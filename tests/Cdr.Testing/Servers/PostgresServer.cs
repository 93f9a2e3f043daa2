using System.Globalization;
using Npgsql;

namespace Cdr.Testing.Servers;

/// <summary>A PostgreSQL server, fsync on. Its image: <c>CDR_TEST_POSTGRES_IMAGE</c>.</summary>
public sealed class PostgresServer : TestServer
{
    private const string User = "postgres";
    private const string Password = "test";
    private const int Interrupt = 2;
    private int next;

    /// <summary>As superuser, for the test itself: never for a service.</summary>
    public string AdministratorConnectionString => Connection("postgres", User, Password);

    /// <inheritdoc />
    protected override string Name => "PostgreSQL";

    /// <summary>
    /// A new database of an owner who is no superuser and can migrate, and a role for the application that may connect and nothing
    /// more until <c>migrate</c> grants it.
    /// </summary>
    /// <param name="name">Part of the database's name.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var database = string.Create(CultureInfo.InvariantCulture, $"{name.ToLowerInvariant()}_{Interlocked.Increment(ref next)}");
        var (owner, application) = (database + "_owner", database + "_app");
        await ExecuteAsync(AdministratorConnectionString, cancellationToken,
            $"CREATE ROLE {owner} LOGIN PASSWORD '{Password}'",
            $"CREATE ROLE {application} LOGIN PASSWORD '{Password}'",
            $"CREATE DATABASE {database} OWNER {owner}",
            $"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            $"GRANT CONNECT ON DATABASE {database} TO {application}");
        await ExecuteAsync(Connection(database, User, Password), cancellationToken,
            $"ALTER SCHEMA public OWNER TO {owner}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC");
        return new TestDatabase(database, Connection(database, owner, Password), Connection(database, application, Password), Connection(database, User, Password));
    }

    /// <summary>Removes a database and its roles.</summary>
    public Task DropDatabaseAsync(TestDatabase database, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        return ExecuteAsync(AdministratorConnectionString, cancellationToken,
            $"DROP DATABASE {database.Name} WITH (FORCE)", $"DROP ROLE {database.Name}_owner", $"DROP ROLE {database.Name}_app");
    }

    /// <inheritdoc />
    protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(AdministratorConnectionString, cancellationToken, "SELECT 1");
        return true;
    }

    private protected override async Task<IServerEngine> ChooseAsync(CancellationToken cancellationToken)
    {
        var container = await ContainerEngine.TryAsync("CDR_TEST_POSTGRES_IMAGE", ["postgres:17-alpine", "cdr-postgresql:local"], Port, 5432,
            builder => builder.WithEnvironment("POSTGRES_PASSWORD", Password).WithCommand("-c", "max_connections=600"), cancellationToken);
        if (container is not null)
            return container;
        var program = ServerProgram.Find("postgres", "postgresql", "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin");
        var folder = new TestFolder("postgres");
        var data = folder.Folder("data");
        await ServerProgram.GiveAsync(folder.Path, User);
        string[] initdb =
        [
            .. ServerProgram.As(User), Path.Combine(Path.GetDirectoryName(program)!, "initdb"), "--pgdata", data, "--username", User,
            "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ];
        await ServerProgram.RunAsync(initdb[0], initdb[1..], cancellationToken);
        string[] command =
        [
            .. ServerProgram.As(User), program, "-D", data, "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=600", "-c", "fsync=on",
        ];
        return new ProgramEngine(folder, Interrupt, new Dictionary<string, string?>(), command);
    }

    private string Connection(string database, string user, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = user,
        Password = password,
        Timeout = 5,
        MaxPoolSize = 50,
        // Each host begins with a connection for each of its loops, and is gone in seconds: kept for five minutes they were more than a server has.
        ConnectionIdleLifetime = 20,
        ConnectionPruningInterval = 5,
    }.ConnectionString;

    private static async Task ExecuteAsync(string connection, CancellationToken cancellationToken, params IEnumerable<string> statements)
    {
        // Unpooled: a pool would keep connections to a server that is about to be killed.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });
        await using var open = await source.OpenConnectionAsync(cancellationToken);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, open);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

/// <summary>A database of one test.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Connection string of the role that migrates.</param>
/// <param name="Application">Connection string of the service's role.</param>
/// <param name="Administrator">Connection string of the superuser, for what the test itself looks at.</param>
public sealed record TestDatabase(string Name, string Owner, string Application, string Administrator);
