using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Sessions;

namespace Cdr.EdgeAgent.HandOver;

/// <summary>
/// A ticket that only the browser which asked for it can use. The sign-in page of the portal made a key pair and kept its private half,
/// sealed, in the browser's cookie; its <c>cdr:</c> link brought the public half here. What the agent brings to the browser is closed with that
/// key: in a history or a proxy's log it is worth nothing to whoever does not hold the key. Whoever made the link does, and a link may be
/// another's than the platform's; so it is not shown to the host's other users either (<see cref="HandOverPage"/>).
/// </summary>
internal static class BrowserTicket
{
    private static readonly byte[] Purpose = "CDR-TICKET-1"u8.ToArray();

    /// <summary>Null when the key is none. Agent's key of the moment (91 bytes), nonce (12), sealed opening, tag (16): base64url.</summary>
    public static string? Seal(string browser, Opening opening)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create();
        try
        {
            other.ImportSubjectPublicKeyInfo(Base64Url.DecodeFromChars(browser), out _);
            if (other.KeySize != 256)
                return null;
            var shared = own.DeriveKeyFromHash(other.PublicKey, HashAlgorithmName.SHA256, Purpose, null);
            var nonce = RandomNumberGenerator.GetBytes(12);
            var text = JsonSerializer.SerializeToUtf8Bytes(opening, JsonSerializerOptions.Web);
            var (closed, tag) = (new byte[text.Length], new byte[16]);
            using var cipher = new AesGcm(shared, 16);
            cipher.Encrypt(nonce, text, closed, tag, Purpose);
            return Base64Url.EncodeToString([.. own.ExportSubjectPublicKeyInfo(), .. nonce, .. closed, .. tag]);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
