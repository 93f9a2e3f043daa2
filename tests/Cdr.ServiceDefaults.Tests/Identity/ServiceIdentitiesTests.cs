using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class ServiceIdentitiesTests : IDisposable
{
    private const int Processes = 8;
    private readonly TestFolder folder = new("identities");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Processes_that_begin_at_once_in_one_folder_are_one_service_of_one_key()
    {
        foreach (var round in Enumerable.Range(0, 60))
        {
            var data = folder.Folder($"round-{round}");
            using var together = new Barrier(Processes);
            var desk = new Desk(Path.Combine(data, "identity"));

            await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    using var process = Of(data, desk);
                    together.SignalAndWait(Cancel);
                    process.TokenAsync("rights", Cancel).GetAwaiter().GetResult();
                },
                Cancel,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Equal(Processes, desk.Proven);
            Assert.Equal(["rights.pem", "rights.pub.pem"], Directory.GetFiles(Path.Combine(data, "identity"), "*.pem").Select(Path.GetFileName).Order());
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "identity", "rights.pem")));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_public_half_that_is_missing_or_anothers_is_made_of_the_secret(bool isMissing)
    {
        var (keys, others) = (folder.Folder("identity"), folder.Folder("other"));
        ServiceIdentities.CreateKey(keys, "rights");
        ServiceIdentities.CreateKey(others, "rights");
        var secret = await File.ReadAllTextAsync(Path.Combine(keys, "rights.pem"), Cancel);
        File.Delete(Path.Combine(keys, "rights.pub.pem"));
        if (!isMissing)
            File.Copy(Path.Combine(others, "rights.pub.pem"), Path.Combine(keys, "rights.pub.pem"));
        var desk = new Desk(keys);
        using var process = Of(folder.Path, desk);

        await process.TokenAsync("rights", Cancel);

        Assert.Equal(1, desk.Proven);
        Assert.Equal(secret, await File.ReadAllTextAsync(Path.Combine(keys, "rights.pem"), Cancel));
    }

    [Fact]
    public async Task A_configured_folder_without_the_key_is_said_by_its_path()
    {
        using var process = Of(folder.Path, new Desk(folder.Path), folder.Folder("given"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => process.TokenAsync("rights", Cancel));

        Assert.Contains(Path.Combine(folder.Path, "given", "rights.pem"), refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "given")));
    }

    private static ServiceIdentities Of(string data, Desk desk, string? keys = null)
    {
        var services = new ServiceCollection().AddSingleton(new HostName("tests")).AddKeyedSingleton<IServiceTokensApi>("tests", desk).BuildServiceProvider();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Data:Folder", data)]).Build();
        return new ServiceIdentities(services, configuration, Options.Create(new IdentityOptions { KeyFolder = keys }), TimeProvider.System);
    }

    /// <summary>Believes, as Sessions does, the public half that lies in the folder at that moment.</summary>
    private sealed class Desk(string keys) : IServiceTokensApi
    {
        private int proven;

        public int Proven => proven;

        public async Task<AccessToken> ServiceTokenAsync(ServiceTokenRequest request, CancellationToken cancellationToken)
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(keys, "rights.pub.pem"), cancellationToken));
            var read = await new JsonWebTokenHandler().ValidateTokenAsync(request.Assertion, new TokenValidationParameters
            {
                ValidIssuer = "rights",
                ValidAudience = ServiceIdentities.AssertionAudience,
                IssuerSigningKey = new ECDsaSecurityKey(key) { KeyId = "rights", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            });
            if (read.IsValid)
                Interlocked.Increment(ref proven);
            return new AccessToken("token", TimeProvider.System.GetUtcNow().AddMinutes(5));
        }
    }
}
