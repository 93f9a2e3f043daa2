namespace Cdr.Deployment.Tests.Containers;

/// <summary>What deploy/backup and deploy/restore refuse before they touch anything. What they do is seen on a running platform (Cdr.EndToEnd.Tests).</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdr-backup-").FullName;

    [Fact]
    public async Task A_backup_is_never_written_over_another_nor_without_the_owners_connections()
    {
        var secrets = Directory.CreateDirectory(At("secrets")).FullName;
        Directory.CreateDirectory(At("there"));
        await RefusedAsync("never written over another", "backup", secrets, At("there"));
        await RefusedAsync("ConnectionStrings__UsageOwner is not there", "backup", secrets, At("new"), "--anchors", "none", "--trust", "none");
        // Neither is forgotten in silence.
        await RefusedAsync("--anchors is not said", "backup", secrets, At("new"), "--trust", "none");
        await RefusedAsync("--trust is not said", "backup", secrets, At("new"), "--anchors", "none");
        await RefusedAsync("is no folder (--trust)", "backup", secrets, At("new"), "--anchors", "none", "--trust", At("gone"));
        Assert.False(Directory.Exists(At("new")));
        await RefusedAsync("deploy/secrets made one", "backup", At("nowhere"), At("new"));
        await RefusedAsync("Unknown option: --all", "backup", secrets, At("new"), "--all");
    }

    [Fact]
    public async Task What_is_not_what_was_saved_is_not_restored()
    {
        var backup = Directory.CreateDirectory(At("saved")).FullName;
        await RefusedAsync("is no backup", "restore", backup, At("secrets"));
        foreach (var (name, text) in ((string, string)[])[("databases/rights.dump", "rows"), ("keys/rights/rights.json", "{}"), ("anchors/anchor-2026-11-26.json", "{}")])
        {
            var file = Path.Combine(backup, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }

        var (code, output) = await Tool.RunAsync("bash", "-c", "cd \"$1\" && find . -type f | sed 's#^./##' | xargs sha256sum >/tmp/sums.$$ && mv /tmp/sums.$$ SHA256SUMS", "sums", backup);
        Assert.True(code == 0, output);
        Directory.Move(Path.Combine(backup, "keys"), At("keys"));
        await RefusedAsync("Without the key rings what is sealed stays sealed", "restore", backup, At("secrets"), "--only-keys");

        await File.WriteAllTextAsync(Path.Combine(At("keys"), "rights", "rights.json"), "{ }", TestContext.Current.CancellationToken);
        await RefusedAsync("keys is not what was saved", "restore", backup, At("secrets"), "--keys", At("keys"), "--only-keys");
        await File.WriteAllTextAsync(Path.Combine(At("keys"), "rights", "rights.json"), "{}", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(backup, "databases", "rights.dump"), "!", TestContext.Current.CancellationToken);
        await RefusedAsync("saved is not what was saved", "restore", backup, At("secrets"), "--keys", At("keys"), "--only-keys");
        Assert.False(Directory.Exists(At("secrets")));
    }

    /// <summary>What deploy/secrets makes anew has the same numbers, and opens nothing of what was saved.</summary>
    [Fact]
    public async Task Over_other_key_rings_nothing_is_restored_and_over_rotated_ones_it_is()
    {
        var (saved, secrets) = (At("saved"), At("data/secrets"));
        await MakeAsync(Path.Combine(saved, "keys"));
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(saved, "databases")).FullName, "rights.dump"), "rows", TestContext.Current.CancellationToken);
        var (code, output) = await Tool.RunAsync("bash", "-c", "cd \"$1\" && find databases keys -type f -print0 | xargs -0 sha256sum >SHA256SUMS", "sums", saved);
        Assert.True(code == 0, output);
        Directory.Move(Path.Combine(saved, "keys"), At("keys"));
        string[] words = [saved, secrets, "--keys", At("keys"), "--only-keys"];

        await MakeAsync(secrets);
        await RefusedAsync("is not the ring that the backup was sealed with", "restore", words);
        // What Docker makes of a mount that is not there.
        Directory.Delete(secrets, recursive: true);
        Directory.CreateDirectory(Path.Combine(secrets, "postgresql", "init.sql"));
        await RefusedAsync("is not the ring that the backup was sealed with", "restore", words);

        Directory.Delete(At("data"), recursive: true);
        await RestoredAsync(words);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(At("keys"), "rights", "rights.json"), TestContext.Current.CancellationToken), await RingAsync());
        await File.WriteAllTextAsync(Path.Combine(secrets, "rights", "rights.json"), (await RingAsync()).Replace("\"data\":[", "\"data\": [ { \"key\": \"bmV3\", \"id\": 2 },\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await RestoredAsync(words);

        Task<string> RingAsync() => File.ReadAllTextAsync(Path.Combine(secrets, "rights", "rights.json"), TestContext.Current.CancellationToken);

        static async Task MakeAsync(string place)
        {
            var (code, output) = await Tool.RunAsync("bash", Files.At("deploy", "secrets"), place);
            Assert.True(code == 0, output);
        }

        static async Task RestoredAsync(string[] words)
        {
            var (code, output) = await Tool.RunAsync("bash", [Files.At("deploy", "restore"), .. words]);
            Assert.True(code == 0, output);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task RefusedAsync(string because, string script, params IEnumerable<string> words)
    {
        var (code, output) = await Tool.RunAsync("bash", [Files.At("deploy", script), .. words]);
        Assert.NotEqual(0, code);
        Assert.Contains(because, output, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(folder, name);
}
