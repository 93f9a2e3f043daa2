using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>
/// The one question about a certificate that proved itself: may it open something at this instant? Asked at the opening, at redemption, at
/// each new token, and by those who follow live sessions, waiting tickets and software. Doubt is no, and no end: a list past its end and
/// grace vouches for nobody, and nobody gets a token.
/// </summary>
internal sealed class StillTrusted(TrustStore store, IOptions<TrustOptions> options, TimeProvider clock)
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>Null: yes; and for what was proven without a certificate, of which there is nothing to ask.</summary>
    public Refusal? WhyNot(ProvenCard card) => card.HasCertificate ? WhyNot(card.Issuer, card.Serial) : null;

    /// <param name="issuer">Id of the issuer's certificate.</param>
    /// <param name="serial">Of the certificate, hexadecimal.</param>
    public Refusal? WhyNot(string issuer, string serial)
    {
        if (store.Current() is not { } trust)
            return Refusal.TrustUnavailable;
        return WhyNot(trust, issuer) ?? (trust.IsRevoked(issuer, SerialNumber.Of(serial), ofAuthority: false, clock.GetUtcNow(), options.Value.ListGrace) switch
        {
            true => Refusal.CardRevoked,
            false => null,
            null => Refusal.RevocationUnknown,
        });
    }

    /// <summary>The part of it that is the same for all certificates of an issuer.</summary>
    public Refusal? WhyNot(Trust trust, string issuer)
    {
        var now = clock.GetUtcNow();
        if (trust.Find(issuer) is not { } pinned || pinned.Family.Test && !options.Value.TestPki)
            return Refusal.Untrusted;
        // The last day is France's.
        if (pinned.Family.Until < DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Paris).DateTime))
            return Refusal.PkiEnded;
        foreach (var authority in (ReadOnlySpan<X509Certificate2>)[pinned.Certificate, pinned.Root])
        {
            if (authority.NotBefore.ToUniversalTime() > now.UtcDateTime || authority.NotAfter.ToUniversalTime() < now.UtcDateTime)
                return Refusal.Untrusted;
        }

        return trust.IsRevoked(pinned.RootId, SerialNumber.Of(pinned.Certificate.SerialNumberBytes.Span), ofAuthority: true, now, options.Value.ListGrace) switch
        {
            true => Refusal.Untrusted,
            // Its own lists too: without them nothing is known of any of its certificates.
            false => trust.Vouches(issuer, ofAuthority: false, now, options.Value.ListGrace) ? null : Refusal.RevocationUnknown,
            null => Refusal.RevocationUnknown,
        };
    }

    /// <summary>
    /// What a session that is refused so ends with; null: it goes on, without a token, until somebody can say again. What this process
    /// lacks, another may hold: one that starts with an empty folder must not end everybody's sessions.
    /// </summary>
    /// <param name="refusal">Why not.</param>
    /// <param name="revoked">When it is on its list: software's certificate is no card.</param>
    public static string? EndOf(Refusal refusal, string revoked = SessionEnds.CardOpposed) =>
        refusal == Refusal.CardRevoked ? revoked
        : refusal == Refusal.RevocationUnknown || refusal == Refusal.TrustUnavailable ? null
        : SessionEnds.Untrusted;
}
