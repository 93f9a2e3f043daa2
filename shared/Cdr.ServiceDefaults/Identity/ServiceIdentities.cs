using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>A service's proof of who it is: <c>private_key_jwt</c> to Sessions for a token of five minutes, kept until a minute before its end.</summary>
public sealed class ServiceIdentities(IServiceProvider services, IConfiguration configuration, IOptions<IdentityOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Audience of the assertions.</summary>
    public const string AssertionAudience = "cdr-sessions";

    private readonly ConcurrentDictionary<string, AccessToken> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ECDsaSecurityKey> keys = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>The folder of keys: configured, or made in the data folder.</summary>
    public string KeyFolder => options.Value.KeyFolder ?? Path.Combine(Store.DataFolder(configuration, "Identity:KeyFolder"), "identity");

    /// <summary>A token of kind service for that service.</summary>
    public async Task<string> TokenAsync(string service, CancellationToken cancellationToken)
    {
        if (Fresh(service) is { } fresh)
            return fresh;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Fresh(service) is { } meanwhile)
                return meanwhile;
            var api = services.GetRequiredKeyedService<IServiceTokensApi>(services.GetRequiredService<HostName>().Value);
            var token = await api.ServiceTokenAsync(new ServiceTokenRequest(Assertion(service)), cancellationToken);
            tokens[service] = token;
            return token.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        gate.Dispose();
        foreach (var key in keys.Values)
            key.ECDsa.Dispose();
    }

    private string? Fresh(string service) =>
        tokens.TryGetValue(service, out var token) && token.ExpiresAt > clock.GetUtcNow().AddMinutes(1) ? token.Value : null;

    private string Assertion(string service)
    {
        var now = clock.GetUtcNow();
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = service,
            Audience = AssertionAudience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddSeconds(55).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = service, ["jti"] = Guid.CreateVersion7(now).ToString("N") },
            SigningCredentials = new SigningCredentials(keys.GetOrAdd(service, Key), SecurityAlgorithms.EcdsaSha256),
        });
    }

    private ECDsaSecurityKey Key(string service)
    {
        var path = Path.Combine(KeyFolder, service + ".pem");
        // Only the embedded folder makes its own keys: elsewhere a missing key is an operator's error.
        if (options.Value.KeyFolder is null)
            CreateKey(KeyFolder, service);
        else if (!File.Exists(path))
            throw new InvalidOperationException($"The service key {path} does not exist.");

        // The default factory keeps signers by what the key is: another of the same process would keep ours beyond its end.
        return new ECDsaSecurityKey(Read(path)) { KeyId = service, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
    }

    /// <summary>Makes a service's key pair in a folder, <c>{service}.pem</c> and <c>{service}.pub.pem</c>; what is there of it stays.</summary>
    public static void CreateKey(string folder, string service)
    {
        var secret = Path.Combine(folder, service + ".pem");
        if (!File.Exists(secret))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            SecretFile.TryCreate(secret, Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem()));
        }

        var open = Path.Combine(folder, service + ".pub.pem");
        // Of the secret that is there: where two processes begin at once, it may be the other's.
        using var key = Read(secret);
        var half = key.ExportSubjectPublicKeyInfoPem();
        if (!File.Exists(open))
            SecretFile.TryCreate(open, Encoding.ASCII.GetBytes(half));
        // Another secret's: nobody would be believed.
        else if (File.ReadAllText(open).Trim() != half)
            SecretFile.Replace(open, Encoding.ASCII.GetBytes(half));
    }

    private static ECDsa Read(string path)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }
}
