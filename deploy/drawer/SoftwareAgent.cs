using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;

namespace Cdr.Drawer;

/// <summary>An agent whose reader is a folder: the same protocol as on a workstation, the card's key in software.</summary>
internal sealed class SoftwareAgent : IDisposable
{
    private const string Purpose = "sign-in";
    private const string Algorithm = "RS256";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Challenge, signature, opening.</summary>
    public async Task<Opening> SignInAsync(ISessionsApi sessions, X509Certificate2 card, CancellationToken cancellationToken)
    {
        var agentKey = key.ExportSubjectPublicKeyInfo();
        var text = Base64Url.EncodeToString(agentKey);
        // One a sign-in: several people use the drawer at once, and none of them replaces another's session.
        var osSession = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var challenge = await sessions.ChallengeAsync(new ChallengeRequest(text, osSession, Purpose), cancellationToken);
        var signed = SignedValue.Of(challenge.Origin, Base64Url.DecodeFromChars(challenge.Nonce), agentKey, osSession, Purpose, Algorithm);
        using var secret = card.GetRSAPrivateKey()!;
        var signature = secret.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var request = new OpeningRequest(challenge.Id, text, osSession, Purpose, Algorithm, Convert.ToBase64String(card.RawData), Base64Url.EncodeToString(signature));
        return await sessions.OpenAsync(request, cancellationToken);
    }

    public void Dispose() => key.Dispose();
}
