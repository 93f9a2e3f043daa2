namespace Cdr.Sessions.OpenId;

/// <summary>Why an identity of a provider opens nothing.</summary>
internal static class ProviderRefusals
{
    private const string Retry = "Recommencez la connexion.";
    private const string Hotline = "Si cela se reproduit, appelez la hotline en donnant ce code.";

    public static readonly Refusal Unknown = new(403, "provider-request-unknown", "Cette demande de connexion n'est pas connue.", Retry);
    public static readonly Refusal Expired = new(403, "provider-request-expired", "La connexion n'a pas été terminée à temps.", Retry);
    public static readonly Refusal Used = new(403, "provider-request-used", "Cette connexion a déjà servi.", Retry);
    public static readonly Refusal OtherBrowser = new(403, "provider-other-browser", "Cette connexion a été commencée dans un autre navigateur.", Retry);
    public static readonly Refusal OtherProvider = new(403, "provider-differs", "La réponse ne vient pas du fournisseur d'identité qui a été demandé.", $"{Retry} {Hotline}");
    public static readonly Refusal CodeRefused = new(403, "provider-code-refused", "Le fournisseur d'identité n'a pas confirmé cette connexion.", Retry);
    public static readonly Refusal TokenRefused = new(403, "provider-token-refused", "La preuve d'identité du fournisseur n'est pas valable.", $"{Retry} {Hotline}");
    public static readonly Refusal NotAnew = new(403, "provider-authentication-old", "Le fournisseur d'identité n'a pas vérifié votre identité à l'instant.", $"Recommencez : votre carte, votre e-CPS ou votre second facteur doit être redemandé. {Hotline}");
    public static readonly Refusal TooWeak = new(403, "provider-factor-missing", "L'authentification n'a pas eu de second facteur.", "Recommencez en utilisant votre carte, votre e-CPS ou votre second facteur.");
    public static readonly Refusal NoIdentifier = new(403, "provider-identity-without-number", "Cette identité n'a pas de numéro national de professionnel de santé.", "Connectez-vous avec votre carte CPE, ou demandez une habilitation au référent de votre établissement.");
    public static readonly Refusal Silent = new(503, "provider-silent", "Le fournisseur d'identité ne répond pas.", "Réessayez dans quelques minutes, ou connectez-vous avec votre carte.");

    private static readonly Refusal NoEstablishment = Refusal.NoEstablishment with { Title = "Votre identité n'est rattachée à aucun établissement de la plateforme." };
    private static readonly Refusal NoRole = Refusal.NoRole with { Code = "identity-without-role", Title = "Aucun rôle ne vous a été accordé." };

    /// <summary>What admission says of cards, in words without a card.</summary>
    public static Refusal Of(Refusal card) => card.Code == Refusal.NoEstablishment.Code ? NoEstablishment : card.Code == Refusal.NoRole.Code ? NoRole : card;
}
