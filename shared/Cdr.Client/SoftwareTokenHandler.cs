using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Cdr.Client;

/// <summary>Adds the token, and asks for another shortly before it ends: one request at a time, whoever waits for it.</summary>
internal sealed class SoftwareTokenHandler : DelegatingHandler
{
    private const string Path = "api/sessions/software-tokens";
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private readonly SoftwareCredentials credentials;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly HttpClient tokens;
    private readonly Uri audience;
    private AccessToken? token;

    public SoftwareTokenHandler(Uri door, SoftwareCredentials credentials, HttpMessageHandler inner)
        : base(inner)
    {
        this.credentials = credentials;
        audience = credentials.Audience ?? new Uri(door, Path);
        // The same connection, without this handler.
        tokens = new HttpClient(inner, disposeHandler: false) { BaseAddress = door };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken).ConfigureAwait(false));
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tokens.Dispose();
            one.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            if (token is null || token.ExpiresAt - Margin < now)
                token = await CdrClient.Sessions(tokens).SoftwareTokenAsync(Request(now), cancellationToken).ConfigureAwait(false);
            return token.Value;
        }
        finally
        {
            one.Release();
        }
    }

    private SoftwareTokenRequest Request(DateTimeOffset now) => new()
    {
        Client = credentials.Client,
        Finess = credentials.Finess,
        Unit = credentials.Unit,
        OnBehalfOf = new OnBehalfOf { NationalIdentifier = credentials.NationalIdentifier, LocalIdentifier = credentials.LocalIdentifier },
        Assertion = credentials.Key is null ? null : Assertion(now),
    };

    /// <summary>RFC 7523: used once, for that address, fifty seconds.</summary>
    private string Assertion(DateTimeOffset now)
    {
        var header = new Dictionary<string, object> { ["alg"] = credentials.Key is ECDsa ? "ES256" : "RS256" };
        if (credentials.Certificate is { } certificate)
            header["x5c"] = new[] { Convert.ToBase64String(certificate.RawData) };
        var claims = new Dictionary<string, object>
        {
            ["iss"] = credentials.Client, ["sub"] = credentials.Client, ["aud"] = audience.AbsoluteUri,
            ["jti"] = Base64Url(RandomNumberGenerator.GetBytes(16)), ["exp"] = now.ToUnixTimeSeconds() + 50,
        };
        var signed = Base64Url(JsonSerializer.SerializeToUtf8Bytes(header)) + "." + Base64Url(JsonSerializer.SerializeToUtf8Bytes(claims));
        return signed + "." + Base64Url(Sign(System.Text.Encoding.ASCII.GetBytes(signed)));
    }

    private byte[] Sign(byte[] bytes) => credentials.Key switch
    {
        RSA rsa => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => ecdsa.SignData(bytes, HashAlgorithmName.SHA256),
        _ => throw new NotSupportedException("The key must be RSA or ECDSA P-256."),
    };

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
