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
        var (secrets, backup, elsewhere) = (folder.File("secrets"), folder.File("backup"), folder.File("elsewhere"));
        WriteSecrets(platform, secrets);
        var (id, bytes, counted) = await AskAsync(platform);
        var anchor = Path.Combine(folder.Folder("anchors"), "anchor-2026-11-26.json");
        await JournalAsync(platform, folder, "anchor " + anchor);

        var saved = await BashAsync("deploy/backup", secrets, backup, "--anchors", folder.File("anchors"));
        Assert.Contains("rights: ", saved, StringComparison.Ordinal);
        // As the backup says to.
        Directory.Move(Path.Combine(backup, "keys"), elsewhere);
        await DestroyAsync(platform, secrets);

        await MakeEmptyAsync(platform);
        await BashAsync("deploy/restore", backup, secrets, "--keys", elsewhere);
        foreach (var service in Services)
            RestoreKeys(platform, secrets, service);
        await JournalAsync(platform, folder, "verify --anchor " + anchor);
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
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => BashAsync("deploy/restore", backup, secrets, "--keys", elsewhere));
        Assert.Contains("nothing is restored over data", refused.Message, StringComparison.Ordinal);
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
        }
    }

    private static async Task DestroyAsync(DistributedPlatform platform, string secrets)
    {
        foreach (var service in Services)
        {
            await platform.Of(service).KillAsync();
            await platform.Servers!.Postgres.DropDatabaseAsync(platform.Servers.Databases[service], Cancellation);
            File.Delete(KeyFile(platform, service));
        }

        Directory.Delete(secrets, recursive: true);
        using var redis = new TcpClient();
        await redis.ConnectAsync("127.0.0.1", platform.Servers!.Redis.Port, Cancellation);
        await redis.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray(), Cancellation);
        await redis.GetStream().ReadExactlyAsync(new byte[5], Cancellation);
    }

    /// <summary>What init.sql of deploy/secrets does on a new server.</summary>
    private static async Task MakeEmptyAsync(DistributedPlatform platform)
    {
        foreach (var database in Services.Select(service => platform.Servers!.Databases[service]))
        {
            var (owner, application) = (new NpgsqlConnectionStringBuilder(database.Owner), new NpgsqlConnectionStringBuilder(database.Application));
            await ExecuteAsync(platform.Servers!.Postgres.AdministratorConnectionString,
                $"CREATE ROLE {owner.Username} LOGIN PASSWORD '{owner.Password}'",
                $"CREATE ROLE {application.Username} LOGIN PASSWORD '{application.Password}'",
                $"CREATE DATABASE {database.Name} OWNER {owner.Username}",
                $"REVOKE ALL ON DATABASE {database.Name} FROM PUBLIC",
                $"GRANT CONNECT ON DATABASE {database.Name} TO {application.Username}");
            await ExecuteAsync(database.Administrator, $"ALTER SCHEMA public OWNER TO {owner.Username}", "REVOKE ALL ON SCHEMA public FROM PUBLIC");
        }
    }

    private static async Task ExecuteAsync(string connection, params IEnumerable<string> statements)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private static void RestoreKeys(DistributedPlatform platform, string secrets, string service) =>
        File.Copy(Path.Combine(secrets, service.ToLowerInvariant(), service.ToLowerInvariant() + ".json"), KeyFile(platform, service));

    private static string KeyFile(DistributedPlatform platform, string service) => Path.Combine(platform.Folder, "keys", service.ToLowerInvariant() + ".json");

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
