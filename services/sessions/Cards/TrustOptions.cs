using System.ComponentModel.DataAnnotations;

namespace Cdr.Sessions.Cards;

/// <summary>Which certificates are believed.</summary>
internal sealed class TrustOptions
{
    public const string Section = "Sessions:Trust";

    /// <value>Folder with <c>roots/</c>, <c>issuers/</c> (PEM or DER), <c>pkis.json</c> (families of issuers: <see cref="Pki"/>; a start without it fails but in the demo) and <c>lists/</c> (revocation lists, DER or PEM); read again when a file changes. Default: <c>trust</c> in the data folder.</value>
    public string? Folder { get; set; }

    /// <value>The drawer's cards are for whoever holds the drawer: every machine with this program. Set by the module.</value>
    public bool DemoAllowed { get; set; }

    /// <value>Families marked « test » in <c>pkis.json</c> open sessions. Default false; refused outside the environment <c>Development</c>, and wherever a family is trusted that is not a test's.</value>
    public bool TestPki { get; init; }

    /// <value>Lists are fetched from the distribution points that issuers' and cards' certificates name. Default true; false where this machine reaches no network, and something else fills <c>lists/</c>.</value>
    public bool FollowDistributionPoints { get; init; } = true;

    /// <value>Further addresses of revocation lists, downloaded into <c>lists/</c>. Default none.</value>
    public string[] ListAddresses { get; init; } = [];

    /// <value>Further hosts (<c>lists.example.fr</c>, <c>10.0.3.7:8081</c>) that are asked where a card's certificate names them, beside those that pinned issuers' own certificates name. Only hosts named here or in <see cref="ListAddresses"/> may have an inner address or another port. Default none.</value>
    public string[] Hosts { get; init; } = [];

    /// <value>Default 1 h; the national lists are renewed every morning from 7:00, and one that did not change is not sent again. One that could not be fetched is asked for again after 1 min, 2, 4… up to that.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ListRefresh { get; init; } = TimeSpan.FromHours(1);

    /// <value>At an opening the responder that the card's certificate names is asked too (OCSP, RFC 6960, with a nonce): it knows of an opposition before the morning's list. It can only refuse more; where it is silent or not believed, the lists decide. Its host is one of <see cref="Hosts"/> or of a pinned issuer's own certificate. Default false.</value>
    public bool Ocsp { get; init; }

    /// <value>The longest an opening waits for it. Default 1 s; one that was silent is left alone for 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:02")]
    public TimeSpan OcspTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <value>How long past its own end a list is still believed: meanwhile health is degraded and a warning logged. Default 6 h; beyond, no card of that issuer opens anything and its live sessions get no token (503, <c>revocation-unknown</c>) until a newer list comes; they do not end: what one process lacks, another may hold.</value>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan ListGrace { get; init; } = TimeSpan.FromHours(6);

    /// <value>Bits of an RSA key. Default 2048.</value>
    [Range(2048, 8192)]
    public int MinimumKeyBits { get; init; } = 2048;

    /// <value>Private extension that tells the card kind. No OID is published: default none, the kind is then guessed from the subject, and a card opens only what the directory granted its holder.</value>
    public string? KindExtension { get; init; }

    /// <value>Text of that extension → code of the card kind. Codes themselves need no entry.</value>
    public Dictionary<string, string> KindValues { get; init; } = [];
}
