using Cdr.Portal.Store;
using Cdr.Portal.Tests.Fakes;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData("Services:Sessions")]
    [InlineData("Services:Rights")]
    [InlineData("Services:Usage")]
    public async Task Does_not_start_without_its_configuration(string missing)
    {
        var data = Directory.CreateTempSubdirectory("cdr-portal-");
        var settings = new Dictionary<string, string?>
        {
            ["Data:Folder"] = data.FullName,
            ["Services:Sessions"] = "http://127.0.0.1:1",
            ["Services:Rights"] = "http://127.0.0.1:1",
            ["Services:Usage"] = "http://127.0.0.1:1",
        };
        settings.Remove(missing);
        await using var app = Build(settings);
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(missing, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_start_without_a_place_for_its_keys() =>
        Assert.Contains("Data:Folder", Assert.Throws<InvalidOperationException>(() => Build(new Dictionary<string, string?>())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/rights")]
    [InlineData("file:///rights")]
    public void What_is_not_the_address_of_a_server_is_refused_by_name(string? address)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Services:Rights"] = address }).Build();
        var refusal = Assert.Throws<InvalidOperationException>(() => new ServiceAddresses(configuration).Of("Rights"));
        Assert.Contains("Services:Rights", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_cookies_are_shared_by_the_replicas_and_sealed_in_the_database()
    {
        await using var platform = await FakePlatform.StartAsync();
        await using var portal = await PortalHost.StartAsync(platform);
        await portal.SignedInAsync();
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var key = Assert.Single(await db.DataProtectionKeys.ToListAsync(TestContext.Current.CancellationToken));
        Assert.Contains("<sealed", key.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", key.Xml, StringComparison.Ordinal);
    }

    [Fact]
    public void The_migrations_make_the_model()
    {
        var options = new DbContextOptionsBuilder<PortalDb>().UseNpgsql("Host=nowhere").Options;
        using var db = new PortalDb(options);
        Assert.False(db.Database.HasPendingModelChanges());
    }

    private static WebApplication Build(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults("portal");
        builder.AddPortal();
        return builder.Build();
    }
}
