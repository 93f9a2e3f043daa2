using System.Diagnostics;
using System.Net.Sockets;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Npgsql;

namespace Cdr.EndToEnd.Tests.BadDays;

/// <summary>The commands of docs/operations.md, on a platform of this test's own: everything is gone, and comes back.</summary>
public sealed class RestoreTests
{
    private static readonly string[] Services = ["Sessions", "Rights", "Usage", "Support", "Portal"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_everything_is_gone_an_old_answer_reads_back_byte_for_byte_and_the_journal_verifies()
    {
        await using var platform = new DistributedPlatform();
        await platform.StartAsync(Cancellation);
        using var folder = new TestFolder("restore");
        var (secrets, backup, elsewhere) = (folder.File("data/secrets"), folder.File("backup"), folder.File("elsewhere"));
        var (anchors, trust) = (folder.Folder("anchors"), Path.Combine(platform.Folder, "trust"));
        WriteSecrets(platform, secrets);
        var (id, bytes, counted) = await AskAsync(platform);
        await JournalAsync(platform, folder, "anchor " + Path.Combine(anchors, "anchor-2026-11-26.json"));

        var saved = await BashAsync("deploy/backup", secrets, backup, "--anchors", anchors, "--trust", trust);
        Assert.Contains("rights: ", saved, StringComparison.Ordinal);
        Assert.Contains("anchors: 1 files", saved, StringComparison.Ordinal);
        // As the backup says to.
        Directory.Move(Path.Combine(backup, "keys"), elsewhere);
        await DestroyAsync(platform, folder.File("data"), anchors, trust);

        // From the backup alone.
        await BashAsync("deploy/restore", backup, secrets, "--keys", elsewhere, "--only-keys");
        await MakeEmptyAsync(platform, Path.Combine(secrets, "postgresql", "init.sql"));
        var ring = Path.Combine(secrets, "rights", "rights.json");
        var own = await File.ReadAllTextAsync(ring, Cancellation);
        // What is made anew has the same number and opens nothing.
        await File.WriteAllTextAsync(ring, await File.ReadAllTextAsync(Path.Combine(secrets, "support", "support.json"), Cancellation), Cancellation);
        var other = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => RestoreAsync());
        Assert.Contains("rights.json is not the ring that the backup was sealed with", other.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(ring, own, Cancellation);
        await RestoreAsync();
        RestoreKeys(platform, secrets);
        await JournalAsync(platform, folder, "verify --anchor " + Path.Combine(anchors, "anchor-2026-11-26.json"));
        foreach (var service in Services)
            await platform.Of(service).StartAsync(cancellationToken: Cancellation);

        using var clerk = await Clerk.SignInAsync(platform, Clerk.Journeys, Cancellation);
        using var read = await clerk.ReadAsync(id, Cancellation);
        Assert.Equal(bytes, await read.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(counted, await clerk.CountedAsync(Cancellation));
        // And goes on.
        using var again = await clerk.AskAsync(Person.Msa.Question(), Cancellation);
        Assert.True(again.IsSuccessStatusCode);
        await Deadline.UntilAsync("what is asked now is counted besides", TimeSpan.FromSeconds(120), async () => await clerk.CountedAsync(Cancellation) == counted + 1, Cancellation);

        // Nothing is ever restored over data.
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => BashAsync("deploy/restore", backup, secrets, "--keys", elsewhere, "--anchors", "none", "--trust", "none"));
        Assert.Contains("nothing is restored over data", refused.Message, StringComparison.Ordinal);

        Task<string> RestoreAsync() => BashAsync("deploy/restore", backup, secrets, "--keys", elsewhere, "--anchors", anchors, "--trust", trust);
    }

    private static async Task<(Guid Id, byte[] Answer, long Counted)> AskAsync(DistributedPlatform platform)
    {
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Journeys, Cancellation);
        var before = await clerk.CountedAsync(Cancellation);
        var question = Person.Cnam.Question();
        using var asked = await clerk.AskAsync(question, Cancellation);
        Assert.True(asked.IsSuccessStatusCode);
        await Deadline.UntilAsync("it is counted", TimeSpan.FromSeconds(120), async () => await clerk.CountedAsync(Cancellation) == before + 1, Cancellation);
        return (question.Id!.Value, await asked.Content.ReadAsByteArrayAsync(Cancellation), before + 1);
    }

    /// <summary>As deploy/secrets lays them out.</summary>
    private static void WriteSecrets(DistributedPlatform platform, string secrets)
    {
        foreach (var service in Services)
        {
            var name = service.ToLowerInvariant();
            var (own, owner) = (Directory.CreateDirectory(Path.Combine(secrets, name)).FullName, Directory.CreateDirectory(Path.Combine(secrets, name + "-owner")).FullName);
            File.WriteAllText(Path.Combine(own, "ConnectionStrings__" + service), platform.Servers!.Databases[service].Application);
            File.WriteAllText(Path.Combine(owner, $"ConnectionStrings__{service}Owner"), platform.Servers.Databases[service].Owner);
            File.Copy(KeyFile(platform, service), Path.Combine(own, name + ".json"));
            File.Copy(Path.Combine(Identity(platform), name + ".pem"), Path.Combine(own, name + ".pem"));
        }

        foreach (var known in Directory.GetFiles(Identity(platform), "*.pub.pem"))
            File.Copy(known, Path.Combine(secrets, "sessions", Path.GetFileName(known)));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(secrets, "postgresql")).FullName, "init.sql"), string.Concat(Services.Select(service => InitialSql(platform.Servers!.Databases[service]))));
    }

    private static string InitialSql(TestDatabase database)
    {
        var (owner, application) = (new NpgsqlConnectionStringBuilder(database.Owner), new NpgsqlConnectionStringBuilder(database.Application));
        return $"""
            CREATE ROLE {owner.Username} LOGIN PASSWORD '{owner.Password}';
            CREATE ROLE {application.Username} LOGIN PASSWORD '{application.Password}';
            CREATE DATABASE {database.Name} OWNER {owner.Username};
            REVOKE ALL ON DATABASE {database.Name} FROM PUBLIC;
            GRANT CONNECT ON DATABASE {database.Name} TO {application.Username};
            \connect {database.Name}
            ALTER SCHEMA public OWNER TO {owner.Username};
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            \connect postgres

            """;
    }

    private static async Task DestroyAsync(DistributedPlatform platform, params IEnumerable<string> folders)
    {
        foreach (var service in Services)
        {
            await platform.Of(service).KillAsync();
            await platform.Servers!.Postgres.DropDatabaseAsync(platform.Servers.Databases[service], Cancellation);
            File.Delete(KeyFile(platform, service));
        }

        foreach (var folder in folders.Append(Identity(platform)))
            Directory.Delete(folder, recursive: true);
        using var redis = new TcpClient();
        await redis.ConnectAsync("127.0.0.1", platform.Servers!.Redis.Port, Cancellation);
        await redis.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray(), Cancellation);
        await redis.GetStream().ReadExactlyAsync(new byte[5], Cancellation);
    }

    /// <summary>As compose does on an empty volume, and whoever has another server by hand.</summary>
    private static async Task MakeEmptyAsync(DistributedPlatform platform, string file)
    {
        var administrator = new NpgsqlConnectionStringBuilder(platform.Servers!.Postgres.AdministratorConnectionString);
        await BashAsync("-c", "PGPASSWORD=$4 psql -X -q -v ON_ERROR_STOP=1 -h \"$1\" -p \"$2\" -U \"$3\" -d postgres -f \"$5\"", "psql",
            administrator.Host!, administrator.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), administrator.Username!, administrator.Password ?? "", file);
    }

    /// <summary>What a service mounts.</summary>
    private static void RestoreKeys(DistributedPlatform platform, string secrets)
    {
        Directory.CreateDirectory(Identity(platform));
        foreach (var service in Services)
        {
            var own = Path.Combine(secrets, service.ToLowerInvariant());
            File.Copy(Path.Combine(own, service.ToLowerInvariant() + ".json"), KeyFile(platform, service));
            foreach (var key in Directory.GetFiles(own, "*.pem"))
                File.Copy(key, Path.Combine(Identity(platform), Path.GetFileName(key)));
        }
    }

    private static string KeyFile(DistributedPlatform platform, string service) => Path.Combine(platform.Folder, "keys", service.ToLowerInvariant() + ".json");

    private static string Identity(DistributedPlatform platform) => Path.Combine(platform.Folder, "identity");

    private static async Task JournalAsync(DistributedPlatform platform, TestFolder folder, string verb)
    {
        await using var tool = new ServiceProcess(platform.Of("Rights").Program, folder.File("journal.log"),
            [new("ConnectionStrings:Rights", platform.Servers!.Databases["Rights"].Application), new("Keys:Rights:File", KeyFile(platform, "Rights"))]);
        await tool.RunAsync("journal " + verb, Cancellation);
    }

    private static async Task<string> BashAsync(params IEnumerable<string> words)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", words) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(180));
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(deadline.Token), bash.StandardError.ReadToEndAsync(deadline.Token));
        await bash.WaitForExitAsync(deadline.Token);
        return bash.ExitCode == 0 ? await output : throw new InvalidOperationException($"{words.First()} ended with {bash.ExitCode}: {await errors} {await output}");
    }
}
