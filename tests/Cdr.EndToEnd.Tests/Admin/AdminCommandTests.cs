using System.Diagnostics;
using System.Text.Json.Nodes;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Npgsql;

namespace Cdr.EndToEnd.Tests.Admin;

/// <summary>What an operator types, as a program of its own, on PostgreSQL that nothing was done to yet.</summary>
public sealed class AdminCommandTests(TestServers servers) : IDisposable
{
    private const string Number = "810101234567";

    private static readonly string[] Services = ["Sessions", "Rights", "Usage", "Support", "Portal"];

    private readonly TestFolder folder = new("admin");
    private readonly Dictionary<string, TestDatabase> databases = new(StringComparer.Ordinal);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schemas_roles_tickets_and_journal_of_a_platform_that_is_new()
    {
        var settings = await SettingsAsync();

        var would = JsonNode.Parse((await DoneAsync(settings, "migrate", "--dry-run", "--json")).Output)!.AsArray();
        Assert.Equal(Services, would.Select(one => one!["store"]!.GetValue<string>()));
        Assert.All(would, one => Assert.NotEmpty(one!["migrations"]!.AsArray()));
        Assert.Equal(0L, await ScalarAsync("Sessions", "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"));

        var one = await DoneAsync(settings, "migrate", "rights");
        Assert.StartsWith("Rights: applied ", one.Output, StringComparison.Ordinal);
        await DoneAsync(settings, "migrate");
        var after = JsonNode.Parse((await DoneAsync(settings, "migrate", "--dry-run", "--json")).Output)!.AsArray();
        Assert.All(after, store => Assert.Empty(store!["migrations"]!.AsArray()));

        Assert.Equal("Nobody.", (await DoneAsync(settings, "users", "list")).Output.Trim());
        // Not in its arguments: whoever lists processes would read it.
        var given = await DoneAsync(settings, ["users", "assign", "administrator", "--json"], Number);
        Assert.DoesNotContain(Number, given.Output + given.Errors, StringComparison.Ordinal);
        var id = JsonNode.Parse(given.Output)!["id"]!.GetValue<Guid>();
        Assert.Equal(id, Assert.Single(JsonNode.Parse((await DoneAsync(settings, "users", "list", "--json")).Output)!.AsArray())!["id"]!.GetValue<Guid>());
        Assert.Contains("administrator", (await DoneAsync(settings, "users", "list", "--role", "administrator")).Output, StringComparison.Ordinal);
        Assert.Contains(" ends after ", (await DoneAsync(settings, "users", "withdraw", $"{id}")).Output, StringComparison.Ordinal);
        // Each act stands where those of the pages stand, and nobody's reference behind it.
        Assert.Equal("role-assigned role-withdrawn", await ScalarAsync("Sessions", """SELECT string_agg("Act", ' ' ORDER BY "At") FROM administration_records WHERE "By" = '' AND "Role" = 'operations'"""));

        Assert.Empty(Member(JsonNode.Parse((await DoneAsync(settings, "journal", "verify", "--json")).Output)!, "findings").AsArray());

        var file = folder.File("tickets.csv");
        Assert.Equal("Would export: 0 tickets.", (await DoneAsync(settings, "tickets", "export", file, "--dry-run")).Output.Trim());
        Assert.False(File.Exists(file));
        Assert.Equal("Exported: 0 tickets.", (await DoneAsync(settings, "tickets", "export", file)).Output.Trim());
        var exported = await File.ReadAllTextAsync(file, Cancel);
        Assert.StartsWith("numero;", exported, StringComparison.Ordinal);
        // Never over what is there.
        Assert.Equal(2, (await RunAsync(settings, ["tickets", "export", file])).Code);
        Assert.Equal(exported, await File.ReadAllTextAsync(file, Cancel));
    }

    [Theory]
    [InlineData(2, "no service « everything »", "migrate", "everything")]
    [InlineData(2, "'frobnicate'", "frobnicate")]
    [InlineData(2, "'loud'", "regimes", "list", "--loud")]
    [InlineData(2, "cannot be read", "keys", "list", "/nowhere/rights.json")]
    [InlineData(2, "Valid value", "keys", "add", "/nowhere/rights.json", "colour")]
    [InlineData(2, "cannot be read", "regimes", "check", "/nowhere/regimes.json")]
    [InlineData(2, "tickets purge", "tickets", "burn")]
    [InlineData(2, "journal verify", "journal")]
    // Whoever mistypes an option, or asks for help, gets nothing else.
    [InlineData(2, "usage rebuild [--dry-run]", "usage", "rebuild", "--dryrun")]
    [InlineData(2, "« --dryrun » is not known", "journal", "purge", "--dryrun")]
    [InlineData(2, "tickets purge [--dry-run]", "tickets", "purge", "--dryrun")]
    [InlineData(0, "verify, anchor", "journal", "purge", "--help")]
    [InlineData(0, "counts the journals again", "usage", "rebuild", "--help")]
    [InlineData(0, "export FILE", "tickets", "purge", "-h")]
    [InlineData(3, "sessions: A store does not answer", "migrate", "sessions")]
    [InlineData(3, "does not answer", "users", "list")]
    public async Task What_cannot_be_done_is_said_in_a_line_with_its_own_code(int code, string said, params string[] words)
    {
        // Nobody listens there.
        var silent = $"Host=127.0.0.1;Port={FreePort.Take()};Database=cdr;Username=cdr;Timeout=2";
        var settings = Settings(Services.SelectMany(name => new[] { ($"ConnectionStrings__{name}", silent), ($"ConnectionStrings__{name}Owner", silent) }));

        var run = await RunAsync(settings, words);

        Assert.True(code == run.Code, $"{run.Code}: {run.Output}{run.Errors}");
        Assert.Contains(said, run.Output + run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings:Sessions is not set", "users", "list")]
    [InlineData("sessions: ConnectionStrings:Sessions is not set", "migrate", "--dry-run")]
    [InlineData("is set", "tickets", "export", "x.csv")]
    [InlineData("is set", "usage", "rebuild", "--dry-run")]
    [InlineData("says where the journal is", "journal", "verify")]
    public async Task Without_its_settings_it_says_which_and_makes_no_file(string said, params string[] words)
    {
        var run = await RunAsync([], words);

        Assert.True(run.Code == 2, $"{run.Code}: {run.Output}{run.Errors}");
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_copy_of_the_registry_is_compared_and_a_wrong_one_is_refused_with_its_place()
    {
        var settings = Settings([]);
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "shared/regimes.json"), Cancel);
        var copy = JsonNode.Parse(text)!;
        copy["regimes"]![0]!["shortName"] = "Autre";
        var file = folder.File("regimes.json");
        await File.WriteAllTextAsync(file, copy.ToJsonString(), Cancel);

        Assert.Contains("They say the same of each regime.", (await DoneAsync(settings, "regimes", "check", Path.Combine(Repository.Root, "shared/regimes.json"))).Output, StringComparison.Ordinal);
        var differs = JsonNode.Parse((await DoneAsync(settings, "regimes", "check", file, "--json")).Output)!["differences"]!.AsArray();
        Assert.Equal(("cnam", "shortName"), (Assert.Single(differs)!["regime"]!.GetValue<string>(), Assert.Single(differs[0]!["members"]!.AsArray())!.GetValue<string>()));
        Assert.Equal(17, JsonNode.Parse((await DoneAsync(settings, "regimes", "list", "--json")).Output)!.AsArray().Count);

        copy["regimes"]![0]!["populationShare"] = 7;
        await File.WriteAllTextAsync(file, copy.ToJsonString(), Cancel);
        var refused = await RunAsync(settings, ["regimes", "check", file]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("cnam", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_added_then_used()
    {
        var settings = Settings([]);
        var file = folder.File("support.json");
        Cdr.ServiceDefaults.Secrets.KeyRing.Create(file);

        Assert.Contains("cdr-admin keys use", (await DoneAsync(settings, "keys", "add", file, "data")).Output, StringComparison.Ordinal);
        Assert.Contains("waits to be used", (await DoneAsync(settings, "keys", "list", file)).Output, StringComparison.Ordinal);
        await DoneAsync(settings, "keys", "use", file, "data");

        var ring = JsonNode.Parse((await DoneAsync(settings, "keys", "list", file, "--json")).Output)!.AsArray();
        Assert.Equal(("data", 2), (ring[0]!["kind"]!.GetValue<string>(), ring[0]!["active"]!.GetValue<int>()));
        // No command says a key.
        foreach (var key in JsonNode.Parse(await File.ReadAllTextAsync(file, Cancel))!["data"]!.AsArray())
            Assert.DoesNotContain(key!["key"]!.GetValue<string>(), ring.ToJsonString(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task<Dictionary<string, string>> SettingsAsync()
    {
        var server = await servers.PostgresAsync();
        foreach (var name in Services)
            databases[name] = await server.CreateDatabaseAsync("admin_" + name, Cancel);
        return Settings(databases.SelectMany(one => new[] { ($"ConnectionStrings__{one.Key}", one.Value.Application), ($"ConnectionStrings__{one.Key}Owner", one.Value.Owner) }));
    }

    private Dictionary<string, string> Settings(IEnumerable<(string Name, string Value)> more)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["Data__Folder"] = folder.Path };
        foreach (var service in (string[])["Sessions", "Rights", "Support", "Portal"])
        {
            var ring = folder.File($"ring.{service}.json");
            Cdr.ServiceDefaults.Secrets.KeyRing.Load(ring, createMissing: true);
            settings[$"Keys__{service}__File"] = ring;
        }

        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }

    private static JsonNode Member(JsonNode node, string name) => node.AsObject().Single(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value!;

    private async Task<object?> ScalarAsync(string service, string sql)
    {
        await using var source = NpgsqlDataSource.Create(databases[service].Administrator);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private Task<(int Code, string Output, string Errors)> DoneAsync(Dictionary<string, string> settings, params string[] words) => DoneAsync(settings, words, "");

    private async Task<(int Code, string Output, string Errors)> DoneAsync(Dictionary<string, string> settings, string[] words, string typed)
    {
        var run = await RunAsync(settings, words, typed);
        Assert.True(run.Code == 0, $"{string.Join(' ', words)}: {run.Code}: {run.Output}{run.Errors}");
        return run;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(Dictionary<string, string> settings, string[] words, string typed = "")
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("deploy/admin", "Cdr.Admin"), .. words])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var program = Process.Start(start)!;
        try
        {
            var (output, errors) = (program.StandardOutput.ReadToEndAsync(Cancel), program.StandardError.ReadToEndAsync(Cancel));
            await program.StandardInput.WriteLineAsync(typed);
            program.StandardInput.Close();
            await program.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(120), Cancel);
            return (program.ExitCode, await output, await errors);
        }
        finally
        {
            if (!program.HasExited)
                program.Kill(entireProcessTree: true);
        }
    }
}
