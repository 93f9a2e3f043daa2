namespace Cdr.Sessions.Software;

/// <summary>Why a hospital's software obtains no token: for its integrator, in the words of the hotline.</summary>
internal static class SoftwareRefusals
{
    private const string Integrator = "Voyez le guide d'intégration des logiciels ; la hotline aide avec ce code.";

    /// <summary>Whoever proves nothing learns nothing: an unknown client is answered as a wrong signature is.</summary>
    public static readonly Refusal NotProven = new(401, "software-not-proven", "L'identité du logiciel n'est pas prouvée.", $"Présentez le certificat du logiciel (TLS mutuel), ou une assertion signée de sa clé : aud, iss, sub, jti et exp (60 s au plus). {Integrator}");
    public static readonly Refusal Replayed = new(401, "software-assertion-used", "Cette assertion a déjà servi.", "Une assertion sert une fois : donnez un nouveau jti à chacune.");
    public static readonly Refusal CertificateRefused = new(401, "software-certificate-refused", "Ce certificat n'est pas celui d'un logiciel de structure accepté ici.", $"Utilisez un certificat d'authentification cliente d'organisation (ORG_AUTH_CLI) d'une gamme acceptée. {Integrator}");
    public static readonly Refusal CertificateExpired = new(401, "software-certificate-expired", "Le certificat du logiciel n'est pas, ou plus, valable.", "Faites-le renouveler : il ne l'est pas automatiquement.");
    public static readonly Refusal CertificateRevoked = new(401, "software-certificate-revoked", "Le certificat du logiciel est révoqué.", "Installez celui qui le remplace.");
    public static readonly Refusal OtherCertificate = new(401, "software-certificate-of-another", "Ce certificat n'est pas celui que ce logiciel a déclaré.", $"Vérifiez le numéro de structure et le nom déclarés. {Integrator}");
    public static readonly Refusal Withdrawn = new(401, "software-withdrawn", "L'accès de ce logiciel est fermé.", "Adressez-vous à l'administrateur de la plateforme.");
    public static readonly Refusal RevocationUnknown = new(503, "revocation-unknown", "Il est impossible de vérifier en ce moment si ce certificat est révoqué.", "Réessayez dans quelques minutes.");
    public static readonly Refusal OtherEstablishment = new(403, "software-other-establishment", "Ce logiciel n'est pas habilité pour cet établissement.", "L'administrateur de la plateforme déclare les établissements d'un logiciel.");

    /// <summary>What the trust in certificates says, in the words of software.</summary>
    public static Refusal Of(Refusal certificate) => certificate.Code switch
    {
        "certificate-expired" or "certificate-not-yet-valid" => CertificateExpired,
        "certificate-revoked" => CertificateRevoked,
        "revocation-unknown" or "trust-unavailable" => RevocationUnknown,
        _ => CertificateRefused,
    };
}
