using System.Security.Cryptography;
using System.Text.Json;

namespace Cdr.Deployment.Tests.Containers;

/// <summary>deploy/secrets: what it makes is what the programs read, and what was made is never made again.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task It_makes_all_that_an_installation_needs_once()
    {
        var folder = Path.Combine(Path.GetTempPath(), "cdr-secrets-" + Path.GetRandomFileName());
        try
        {
            var (code, output) = await Tool.RunAsync("bash", Files.At("deploy", "secrets"), folder, "cdr-");
            Assert.True(code == 0, output);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            foreach (var (service, name) in ((string, string)[])[("portal", "Portal"), ("sessions", "Sessions"), ("rights", "Rights"), ("usage", "Usage"), ("support", "Support")])
            {
                Assert.StartsWith($"Host=cdr-postgresql;Database={service};Username={service};Password=", Read(folder, service, "ConnectionStrings__" + name), StringComparison.Ordinal);
                Assert.Contains($"Username={service}_owner;", Read(folder, service + "-owner", $"ConnectionStrings__{name}Owner"), StringComparison.Ordinal);
                Assert.Matches("^amqp://cdr:[0-9a-f]{48}@cdr-rabbitmq:5672/cdr$", Read(folder, service, "ConnectionStrings__RabbitMq"));
                // Each its own key; Sessions everybody's public one, and nobody's secret.
                using var own = ECDsa.Create();
                own.ImportFromPem(Read(folder, service, service + ".pem"));
                using var known = ECDsa.Create();
                known.ImportFromPem(Read(folder, "sessions", service + ".pub.pem"));
                Assert.Equal(own.ExportSubjectPublicKeyInfo(), known.ExportSubjectPublicKeyInfo());
                Assert.Equal(service == "sessions" ? 1 : 0, Directory.GetFiles(Path.Combine(folder, "sessions"), service + ".pem").Length);
                Assert.Single(Directory.GetFiles(Path.Combine(folder, service), "*.pem"), file => !file.EndsWith(".pub.pem", StringComparison.Ordinal));
                if (service != "usage")
                    AssertRing(Read(folder, service, service + ".json"));
            }

            // What moves failed messages back, and what tells of queues.
            Assert.Equal("[rabbitmq_prometheus,rabbitmq_shovel].", Read(folder, "rabbitmq", "enabled_plugins").Trim());

            // What opens what was sealed is never made twice.
            var before = Read(folder, "rights", "rights.json");
            Assert.NotEqual(0, (await Tool.RunAsync("bash", Files.At("deploy", "secrets"), folder)).Code);
            Assert.Equal(before, Read(folder, "rights", "rights.json"));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertRing(string text)
    {
        using var ring = JsonDocument.Parse(text);
        foreach (var list in (string[])["data", "pseudonym"])
            Assert.Equal(32, ring.RootElement.GetProperty(list)[0].GetProperty("key").GetBytesFromBase64().Length);
        using var signing = ECDsa.Create();
        signing.ImportPkcs8PrivateKey(ring.RootElement.GetProperty("signing")[0].GetProperty("key").GetBytesFromBase64(), out _);
        Assert.Equal(256, signing.KeySize);
    }

    private static string Read(params string[] parts) => File.ReadAllText(Path.Combine(parts));
}
