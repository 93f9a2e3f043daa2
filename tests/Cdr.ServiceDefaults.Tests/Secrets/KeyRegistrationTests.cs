using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Microsoft.AspNetCore.Builder;

namespace Cdr.ServiceDefaults.Tests.Secrets;

public sealed class KeyRegistrationTests : IDisposable
{
    private readonly TestFolder folder = new("key-registration");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Beside_PostgreSQL_keys_are_never_invented()
    {
        // Replicas would each seal with keys of their own, and a new container would open nothing of what the one before sealed.
        var error = Assert.Throws<InvalidOperationException>(() => Register(new() { ["Data:Folder"] = folder.Path, ["ConnectionStrings:Rights"] = "Host=127.0.0.1" }));

        Assert.Contains("Keys:Rights:File", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Embedded_they_are_made_whatever_stores_the_other_services_have()
    {
        Register(new() { ["Data:Folder"] = folder.Path, ["ConnectionStrings:Usage"] = "Host=127.0.0.1" });

        Assert.True(File.Exists(folder.File("keys/rights.json")));
    }

    private static void Register(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        foreach (var (name, value) in settings)
            builder.Configuration[name] = value;
        builder.AddKeys("Rights");
    }
}
