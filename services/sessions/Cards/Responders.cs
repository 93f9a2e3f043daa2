using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>
/// Asks, at an opening and where the installation wants it, the responder that the card's certificate names (OCSP): it knows of an opposition
/// before the morning's list. It can only refuse more: where it is silent or not believed, the list's word stands, which is no where the list is too old.
/// </summary>
internal sealed partial class Responders(
    IHttpClientFactory clients, TrustStore store, TrustNetwork network, StillTrusted still, IOptions<TrustOptions> options, TimeProvider clock, ILogger<Responders> log)
{
    public const string Client = "sessions:responders";
    private const string OcspSigning = "1.3.6.1.5.5.7.3.9";
    private const int Largest = 64 * 1024;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    // One that hangs costs its timeout once, and not each opening's.
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, DateTimeOffset> silent = new(StringComparer.Ordinal);

    /// <param name="der">A certificate that the lists say nothing against.</param>
    /// <param name="issuer">Id of its issuer.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public async Task<bool> SayRevokedAsync(byte[] der, string issuer, CancellationToken cancellationToken)
    {
        if (!options.Value.Ocsp || store.Current() is not { } trust || trust.Find(issuer) is not { } pinned)
            return false;
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        if (AddressOf(certificate) is not { } address || silent.TryGetValue(address.AbsoluteUri, out var until) && clock.GetUtcNow() < until)
            return false;
        try
        {
            var question = new OcspQuestion(certificate, pinned.Certificate);
            var answer = question.Read(await AskAsync(address, question.Encode(), cancellationToken));
            if (answer is not null && IsInTime(answer) && IsFrom(trust, pinned, answer))
            {
                if (answer.Status == OcspStatus.Unknown)
                    Log.Unknown(log, address.Host);
                return answer.Status == OcspStatus.Revoked;
            }

            Log.NotBelieved(log, address.Host);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Silent(log, address.Host, e);
        }

        silent[address.AbsoluteUri] = clock.GetUtcNow() + LeftAlone;
        return false;
    }

    private Uri? AddressOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().SelectMany(access => access.EnumerateOcspUris())
            .Where(DistributionPoints.IsFetched).Select(address => new Uri(address)).FirstOrDefault(network.MayAsk);

    private async Task<byte[]> AskAsync(Uri address, byte[] question, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(Client);
        (http.MaxResponseContentBufferSize, http.Timeout) = (Largest, options.Value.OcspTimeout);
        using var content = new ByteArrayContent(question) { Headers = { ContentType = new MediaTypeHeaderValue(OcspQuestion.RequestType) } };
        using var response = await http.PostAsync(address, content, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private bool IsInTime(OcspAnswer answer)
    {
        var now = clock.GetUtcNow();
        return answer.ThisUpdate <= now + Skew && !(answer.NextUpdate < now - Skew);
    }

    /// <summary>The issuer itself, or whom it issued a certificate for that (RFC 6960, 4.2.2.2) and did not revoke it.</summary>
    private bool IsFrom(Trust trust, PinnedIssuer issuer, OcspAnswer answer) =>
        answer.IsSignedBy(issuer.Certificate) || answer.Certificates.Any(one => answer.IsSignedBy(one) && IsDelegate(trust, issuer, one));

    private bool IsDelegate(Trust trust, PinnedIssuer issuer, X509Certificate2 responder) =>
        responder.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages.OfType<Oid>().Any(use => use.Value == OcspSigning) is true
        && trust.IssuerOf(responder, clock.GetUtcNow()) is ({ } its, true) && its.Id == issuer.Id
        && still.WhyNot(issuer.Id, Convert.ToHexString(responder.SerialNumberBytes.Span)) is null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The responder at {Host} did not answer in time: the lists decide, and it is left alone for a while.")]
        public static partial void Silent(ILogger logger, string host, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The responder at {Host} gave an answer that is not believed: another's signature, another question's, or too old. The lists decide, and it is left alone for a while.")]
        public static partial void NotBelieved(ILogger logger, string host);

        [LoggerMessage(3, LogLevel.Warning, "The responder at {Host} does not know a card that its issuer signed: the lists decide.")]
        public static partial void Unknown(ILogger logger, string host);
    }
}
