using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cdr.Portal.SignIn;

/// <summary>
/// Binds a sign-in to the browser that asked for it, before anybody is signed in. The sign-in page makes a key pair, keeps the private half
/// sealed in this browser's cookie, and gives the public half to the post's agent in a <c>cdr:</c> link. The agent's ticket comes back
/// closed with it: another browser cannot open it. It tells for whom a ticket is, not from whom: a link is no secret to who can read the
/// command lines of its post, and they may close a ticket of their own with it (docs/decisions/0012).
/// </summary>
internal sealed class BrowserKey(IDataProtectionProvider protection, IOptions<PortalOptions> options)
{
    private const string Cookie = "cdr-browser";
    private const string Path = "/connexion";
    private const int KeyLength = 91;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // A card, its PIN and a slow clerk; the ticket itself lives 30 s, or minutes where its holder is asked something.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly byte[] Purpose = "CDR-TICKET-1"u8.ToArray();

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("cdr.portal.browser-key").ToTimeLimitedDataProtector();

    /// <summary>The link that starts the agent for this browser. Two tabs have one key.</summary>
    public string Link(HttpContext http)
    {
        using var key = Read(http) ?? ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        http.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(protector.Protect(key.ExportPkcs8PrivateKey(), Lifetime)), Shape(Lifetime));
        return "cdr:sign-in?browser=" + Base64Url.EncodeToString(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>What the agent closed for this browser; null when it was for another, or is none. The key has served.</summary>
    public Opening? Open(HttpContext http, string? ticket)
    {
        using var key = Read(http);
        if (key is null || ticket is not { Length: > 0 and <= 32 * 1024 })
            return null;
        http.Response.Cookies.Append(Cookie, "", Shape(TimeSpan.Zero));
        try
        {
            var bytes = Base64Url.DecodeFromChars(ticket);
            if (bytes.Length <= KeyLength + NonceLength + TagLength)
                return null;
            using var agent = ECDiffieHellman.Create();
            agent.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, KeyLength), out _);
            using var cipher = new AesGcm(key.DeriveKeyFromHash(agent.PublicKey, HashAlgorithmName.SHA256, Purpose, null), TagLength);
            var text = new byte[bytes.Length - KeyLength - NonceLength - TagLength];
            cipher.Decrypt(bytes.AsSpan(KeyLength, NonceLength), bytes.AsSpan(KeyLength + NonceLength, text.Length), bytes.AsSpan(bytes.Length - TagLength), text, Purpose);
            return JsonSerializer.Deserialize<Opening>(text, JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException or JsonException)
        {
            return null;
        }
    }

    private ECDiffieHellman? Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } value)
            return null;
        var key = ECDiffieHellman.Create();
        try
        {
            key.ImportPkcs8PrivateKey(protector.Unprotect(Base64Url.DecodeFromChars(value)), out _);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>Lax: the agent's address is opened from outside, and must find it.</summary>
    private CookieOptions Shape(TimeSpan life) => new() { HttpOnly = true, IsEssential = true, MaxAge = life, Path = Path, SameSite = SameSiteMode.Lax, Secure = options.Value.SecureCookie };
}
