using Cdr.ServiceDefaults;
using Cdr.Sessions.Posts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Sessions;

/// <summary>Why a sign-in goes no further: a stable code for the hotline, a sentence for the clerk, and what to do next.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Title">In French.</param>
/// <param name="Next">What to do next, in French.</param>
internal sealed record Refusal(int Status, string Code, string Title, string Next)
{
    private const string Retry = "Recommencez la connexion.";
    private const string Hotline = "Si cela se reproduit, appelez la hotline en donnant ce code.";
    private const string OrderNominative = "Utilisez une CPE nominative, une CPS ou une CPF. Le représentant légal de votre établissement peut commander une CPE nominative.";

    // The challenge and what was signed.
    public static readonly Refusal ChallengeUnknown = new(403, "challenge-unknown", "Cette demande de connexion n'est pas connue.", Retry);
    public static readonly Refusal ChallengeExpired = new(403, "challenge-expired", "La demande de connexion a expiré avant la signature de la carte.", Retry);
    public static readonly Refusal ChallengeUsed = new(403, "challenge-used", "Cette demande de connexion a déjà servi.", Retry);
    public static readonly Refusal AgentDiffers = new(403, "agent-differs", "La réponse ne vient pas du poste qui a demandé la connexion.", $"{Retry} {Hotline}");
    public static readonly Refusal AgentSignatureWrong = new(403, "agent-signature-wrong", "La déclaration du poste n'est pas signée par l'agent qui a ouvert la connexion.", $"{Retry} {Hotline}");
    public static readonly Refusal StatementReplayed = new(409, "statement-replayed", "Cette déclaration du poste a déjà servi.", "Envoyez-en une nouvelle, avec un numéro plus élevé.");
    public static readonly Refusal AlgorithmRefused = new(403, "algorithm-refused", "La carte a signé avec un algorithme qui n'est pas accepté.", "Mettez à jour le logiciel du poste, puis recommencez.");
    public static readonly Refusal SignatureWrong = new(403, "signature-wrong", "La signature de la carte n'est pas valide.", $"Retirez la carte, remettez-la et recommencez. {Hotline}");

    // The certificate.
    public static readonly Refusal CertificateUnreadable = new(403, "certificate-unreadable", "Le certificat de la carte n'est pas lisible.", $"Retirez la carte, remettez-la et recommencez. {Hotline}");
    public static readonly Refusal NotAuthentication = new(403, "certificate-not-authentication", "Le certificat présenté n'est pas le certificat d'authentification de la carte.", "Mettez à jour le logiciel du poste, puis recommencez.");
    public static readonly Refusal KeyTooSmall = new(403, "certificate-key-too-small", "La clé de cette carte est trop courte pour être acceptée.", "Faites renouveler la carte.");
    public static readonly Refusal Untrusted = new(403, "certificate-untrusted", "Cette carte ne vient pas d'un émetteur reconnu.", $"Vérifiez qu'il s'agit d'une carte CPx de production. {Hotline}");
    public static readonly Refusal PkiEnded = new(403, "certificate-pki-ended", "Les cartes de cette ancienne génération ne sont plus acceptées.", "Utilisez la carte qui la remplace ; si vous ne l'avez pas reçue, appelez le service des cartes au 0 825 852 000.");
    public static readonly Refusal NotYetValid = new(403, "certificate-not-yet-valid", "Cette carte n'est pas encore valable.", Hotline);
    public static readonly Refusal Expired = new(403, "certificate-expired", "Cette carte a expiré.", "Utilisez la carte renouvelée ; si vous ne l'avez pas reçue, appelez le service des cartes au 0 825 852 000.");
    public static readonly Refusal CardRevoked = new(403, "certificate-revoked", "Cette carte est en opposition : elle n'ouvre plus rien.", "Utilisez la carte qui la remplace ; si vous ne l'avez pas reçue, appelez le service des cartes au 0 825 852 000.");
    public static readonly Refusal RevocationUnknown = new(503, "revocation-unknown", "Il est impossible de vérifier en ce moment si cette carte est en opposition.", $"Réessayez dans quelques minutes. {Hotline}");
    public static readonly Refusal TrustUnavailable = new(503, "trust-unavailable", "Les cartes ne peuvent pas être vérifiées en ce moment.", $"Réessayez dans quelques minutes. {Hotline}");

    // The card and its holder.
    public static readonly Refusal CardUnreadable = new(403, "card-unreadable", "Le titulaire de cette carte n'est pas lisible.", Hotline);
    public static readonly Refusal CpeService = new(403, "card-cpe-service", "Une CPE de service ne permet pas de consulter les droits.", OrderNominative);
    public static readonly Refusal Cde = new(403, "card-cde", "Une carte de représentant légal (CDE) ne permet pas de consulter les droits.", OrderNominative);
    public static readonly Refusal Cda = new(403, "card-cda", "Une carte de représentant de structure autorisée (CDA) ne permet pas de consulter les droits.", "Les équipes d'assistance et d'exploitation se connectent avec une CPA.");
    public static readonly Refusal NoRole = new(403, "card-without-role", "Aucun rôle n'a été accordé au titulaire de cette carte.", "Demandez à l'administrateur de la plateforme de vous accorder un rôle.");
    public static readonly Refusal LiberalPractice = new(403, "liberal-practice", "CDR est réservé aux établissements : un exercice libéral n'y donne pas accès.", "Utilisez le service de consultation des droits des professionnels libéraux, ou demandez une habilitation au référent de l'établissement où vous exercez.");
    public static readonly Refusal NoEstablishment = new(403, "no-establishment", "Cette carte n'est rattachée à aucun établissement de la plateforme.", "Demandez une habilitation au référent de votre établissement.");
    public static readonly Refusal EstablishmentNotEligible = new(403, "establishment-not-eligible", "La catégorie de votre établissement n'ouvre pas l'accès à CDR.", "Seuls les établissements de santé et les centres de santé y ont accès. Si la catégorie est inexacte, faites corriger le répertoire FINESS.");

    // The post.
    public static readonly Refusal PostReportMissing = new(403, "post-report-missing", "Ce poste n'a pas dit de quels composants il dispose.", "Demandez à votre référent de mettre à jour l'agent CDR du poste ; il est dans le paquet d'installation.");

    // The ticket and the session.
    public static readonly Refusal TicketUnknown = new(403, "ticket-unknown", "Cette connexion n'est pas connue.", Retry);
    public static readonly Refusal TicketExpired = new(403, "ticket-expired", "La connexion n'a pas été terminée à temps.", Retry);
    public static readonly Refusal TicketUsed = new(403, "ticket-used", "Cette connexion a déjà servi.", Retry);
    public static readonly Refusal ActivityRequired = new(409, "activity-required", "Choisissez au titre de quelle activité vous vous connectez.", "Choisissez une activité dans la liste.");
    public static readonly Refusal ActivityUnknown = new(403, "activity-unknown", "Cette activité n'est pas ou n'est plus la vôtre.", "Choisissez une autre activité, ou recommencez la connexion.");
    public static readonly Refusal TermsRequired = new(409, "terms-required", "Les conditions d'utilisation sont à accepter.", "Lisez-les, puis acceptez-les pour continuer.");
    public static readonly Refusal RenewalWrong = new(401, "renewal-wrong", "La session ne peut pas être prolongée.", "Remettez votre carte et reconnectez-vous.");
    public static readonly Refusal AssertionRefused = new(401, "assertion-refused", "L'identité du service n'est pas prouvée.", "Vérifiez la clé du service et son horloge.");

    /// <summary>The post is not fit for that card: the policy's own code and words.</summary>
    public static Refusal OfPost(PostRule rule) => new(403, rule.Code, rule.Title, rule.Next);

    public ProblemHttpResult ToProblem() => Problems.Problem(Status, Code, Title, Next);
}
