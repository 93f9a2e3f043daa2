using System.Globalization;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.SignIn;

namespace Cdr.EdgeAgent.Resident;

/// <summary>Outcomes in words, each with its code.</summary>
internal static class AgentWords
{
    private const string Hotline = "Si cela se reproduit, appelez la hotline en donnant ce code.";
    private const string Again = "Retirez la carte, remettez-la et recommencez.";

    public static AgentReply Of(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.CardBlocked => new(false, "card-blocked", "La carte est bloquée.", Pin.BlockedWords),
        SignInOutcome.NoPin { Why: { } why } => new(false, "pin-nowhere", why, WhereToType(PostProbes.System)),
        SignInOutcome.NoPin => new(false, "pin-cancelled", "La saisie du code a été abandonnée."),
        SignInOutcome.Refused { Why: var why } => new(false, why.Code, why.Title, why.Next),
        SignInOutcome.PlatformSilent => new(false, "platform-silent", "La plateforme ne répond pas.", "Vérifiez le réseau du poste, puis recommencez."),
        SignInOutcome.ForeignOrigin => new(false, "origin-foreign", "La plateforme a répondu au nom d'une autre adresse que celle des réglages : rien n'a été signé.", "Faites vérifier le réglage « platform » de l'agent. " + Hotline),
        SignInOutcome.NoAlgorithm => new(false, "algorithm-unknown", "La plateforme n'accepte pas l'algorithme de cette carte.", Hotline),
        SignInOutcome.CardFailed { Why: var why } => Of(why),
        _ => throw new InvalidOperationException("An outcome without words."),
    };

    /// <summary>What to do where there is nowhere to type a PIN. Of the three systems one alone needs a program for it.</summary>
    internal static string WhereToType(string system) => system == "linux"
        ? "Installez un pinentry graphique (pinentry-gnome3, pinentry-qt) et laissez « pinEntry » à « auto » ; « terminal » ne convient que là où l'agent en a un."
        : "Réglez « pinEntry » à « window », puis fermez la session du système et rouvrez-la. " + Hotline;

    /// <summary>What is wrong with the post, as its policy says it; null: nobody has said.</summary>
    public static List<string>? Of(IReadOnlyList<PostWarning>? warnings) => warnings?.Select(warning => Of(warning)).ToList();

    public static AgentReply NoReader { get; } = new(
        false, "reader-absent", "Aucun lecteur de cartes n'est branché.", "Branchez-le, attendez quelques secondes et recommencez. S'il est branché, essayez une autre prise ; sinon son pilote manque : voyez votre référent.");

    public static AgentReply Contactless { get; } = new(
        false, "card-contactless", "Une carte est posée sur un lecteur sans contact, qui n'ouvre pas de session.", "Insérez votre carte CPS, CPF ou CPE nominative dans la fente d'un lecteur à contact.");

    public static AgentReply NoCard { get; } = new(false, "card-absent", "Aucune carte CPx dans un lecteur à contact.", "Insérez votre carte CPS, CPF ou CPE nominative.");

    public static AgentReply ServiceSilent(uint code) =>
        new(false, "reader-service-gone", $"Le service des lecteurs de cartes ne répond pas ({code:X8}).", StartService);

    /// <summary>How the service of readers is begun, on this machine.</summary>
    public static string StartService { get; } =
        OperatingSystem.IsLinux() ? Directory.Exists("/run/systemd/system") ? "Démarrez-le : systemctl start pcscd.socket." : "Démarrez-le en administrateur : pcscd."
        : OperatingSystem.IsWindows() ? "Démarrez-le (SCardSvr), ou rebranchez le lecteur : Windows l'arrête avec le dernier."
        : "Débranchez et rebranchez le lecteur : le système le démarre avec lui.";

    public static AgentReply ReaderUnknown(string reader, IReadOnlyList<string> readers) => new(
        false, "reader-unknown", $"Aucun lecteur ne s'appelle « {reader} ».", readers.Count == 0 ? "Branchez un lecteur de cartes." : $"Lecteurs présents : {string.Join(" ; ", readers)}.");

    public static AgentReply NotCpx => Of(CardTrouble.NotOurs);

    /// <summary>Nobody was asked, and nothing was done.</summary>
    public static AgentReply NoAgent() => new(
        false,
        "agent-not-running",
        "Aucun agent ne tourne dans cette session : rien n'a été fait.",
        OtherAgents.Count() switch
        {
            0 => "Lancez « cdr-agent watch ».",
            var others => $"Agents du même utilisateur dans d'autres sessions : {others}. Recommencez depuis la leur, ou lancez « cdr-agent watch » dans celle-ci.",
        });

    /// <summary>Whether anything was done is not known: what was asked may still be heard when it goes on.</summary>
    public static AgentReply Silent { get; } = new(
        false, "agent-silent", "L'agent de cette session ne répond pas.", "Terminez son processus (cdr-agent), puis lancez « cdr-agent watch ». " + Hotline);

    public static AgentReply NoPlatform { get; } = new(
        false, "platform-unset", "L'adresse de la plateforme n'est pas réglée.",
        $"Écrivez-la dans {AgentSettings.Files[0]}, par exemple {{ \"platform\": \"https://cdr.exemple.fr/\" }}, ou dans CDR_AGENT_PLATFORM ; puis relancez l'agent.");

    public static AgentReply Several(IReadOnlyList<string> readers) =>
        new(false, "card-several", "Plusieurs cartes sont présentes.", "Choisissez le lecteur (--reader), ou n'en laissez qu'une.") { Choices = readers };

    private static string Of(PostWarning warning) => string.Concat(
        $"{warning.Title} {warning.Next}", warning.RefusedFrom is { } day ? string.Create(CultureInfo.InvariantCulture, $" À partir du {day:dd/MM/yyyy}, ce poste n'ouvrira plus de session avec cette carte.") : "");

    public static AgentReply Of(CardTrouble trouble) => trouble switch
    {
        CardTrouble.Withdrawn => new(false, "card-withdrawn", "La carte a été retirée.", "Remettez la carte et recommencez."),
        CardTrouble.Reset => new(false, "card-reset", "Un autre logiciel a réinitialisé la carte pendant la connexion.", "Recommencez."),
        CardTrouble.ServiceGone => new(false, "reader-service-gone", "Le service des lecteurs de cartes s'est arrêté.", "Attendez quelques secondes et recommencez. " + Hotline),
        CardTrouble.Busy => new(false, "card-busy", "Un autre logiciel garde la carte pour lui.", "Fermez-le, ou attendez qu'il ait fini, puis recommencez."),
        CardTrouble.ReaderFailed => new(false, "reader-failed", "Le lecteur a répondu par une erreur.", $"{Again} {Hotline}"),
        CardTrouble.NotOurs => new(false, "card-not-cpx", "Cette carte n'est pas une carte CPx lue par contact.", "Insérez votre carte CPS, CPF ou CPE nominative dans un lecteur à contact."),
        CardTrouble.Unreadable => new(false, "card-unreadable", "La carte n'est pas lisible.", $"{Again} {Hotline}"),
        CardTrouble.NoAuthenticationKey => new(false, "card-without-authentication", "La carte n'a pas de clé d'authentification.", Hotline),
        CardTrouble.AnotherCard => new(false, "card-exchanged", "Ce n'est plus la même carte.", "Recommencez avec une seule carte."),
        CardTrouble.Refused => new(false, "card-refused", "La carte a refusé de signer.", $"{Again} {Hotline}"),
        CardTrouble.WrongSignature => new(false, "card-signature-wrong", "La carte a signé avec une autre clé que celle de son certificat.", Hotline),
        CardTrouble.AlgorithmUnknown => new(false, "algorithm-unknown", "La carte n'a pas l'algorithme demandé.", Hotline),
        CardTrouble.LibraryFailed => new(false, "library-failed", "La bibliothèque PKCS#11 n'a pas fonctionné.", "Réinstallez la Cryptolib CPS. " + Hotline),
        _ => throw new InvalidOperationException("A trouble without words."),
    };
}
