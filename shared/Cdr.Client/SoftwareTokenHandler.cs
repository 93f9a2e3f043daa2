using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Cdr.Client;

/// <summary>
/// Adds the token, and asks for another shortly before it ends or once it is refused: one request at a time, whoever waits for it.
/// </summary>
internal sealed class SoftwareTokenHandler : DelegatingHandler
{
    private const string Path = "api/sessions/software-tokens";
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);
    private readonly SoftwareCredentials credentials;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly HttpClient tokens;
    private readonly Uri audience;
    private AccessToken? token;
    private TimeSpan ahead;
    private DateTimeOffset? date;

    public SoftwareTokenHandler(Uri door, SoftwareCredentials credentials, HttpMessageHandler inner, TimeProvider clock)
        : base(inner)
    {
        this.credentials = credentials;
        this.clock = clock;
        audience = credentials.Audience ?? new Uri(door, Path);
        // The same connection, without this handler.
        tokens = new HttpClient(new DateNote(this, inner), disposeHandler: false) { BaseAddress = door };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Sent a second time it must be there a second time.
        if (request.Content is { } content)
            await content.LoadIntoBufferAsync().ConfigureAwait(false);
        var used = await TokenAsync(cancellationToken).ConfigureAwait(false);
        var response = await SendAsync(request, used, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;
        // Its session ended before it did: it is asked once more, under another. A question whose session ended while it was answered may have been
        // asked of regimes; its id brings that answer.
        response.Dispose();
        Interlocked.CompareExchange(ref token, null, used);
        return await SendAsync(request, await TokenAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AccessToken bearer, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer.Value);
        return base.SendAsync(request, cancellationToken);
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

    private DateTimeOffset Now => clock.GetUtcNow() + ahead;

    private async Task<AccessToken> TokenAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (token is { } known && known.ExpiresAt - Margin >= Now)
                return known;
            return token = await NewAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<AccessToken> NewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CdrClient.Sessions(tokens).SoftwareTokenAsync(Request(Now), cancellationToken).ConfigureAwait(false);
        }
        catch (CdrProblemException refused) when (refused.Status == HttpStatusCode.Unauthorized && TakesTheDoorsTime())
        {
            return await CdrClient.Sessions(tokens).SoftwareTokenAsync(Request(Now), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>This machine's clock may be why: whether it is another than the door's.</summary>
    private bool TakesTheDoorsTime()
    {
        if (date is not { } there || (there - Now).Duration() < Drift)
            return false;
        ahead = there - clock.GetUtcNow();
        return true;
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

    /// <summary>What time it is there.</summary>
    private sealed class DateNote(SoftwareTokenHandler owner, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            owner.date = response.Headers.Date;
            return response;
        }
    }
}
