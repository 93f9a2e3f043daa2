using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>What was asked on the command line.</summary>
/// <param name="Verb">One of the commands.</param>
/// <param name="Json">For programs.</param>
/// <param name="Reader">Which reader.</param>
/// <param name="Ticket">The ticket goes to the caller, not to a browser.</param>
/// <param name="Because">Of a logout.</param>
/// <param name="Output">File of a diagnosis.</param>
/// <param name="Link">A <c>cdr:</c> link.</param>
internal sealed record CommandLine(string Verb, bool Json, string? Reader, bool Ticket, string? Because, string? Output, string? Link)
{
    public static string Usage { get; } = $"""
        cdr-agent COMMANDE [--json]
          status                          l'agent qui tourne, ses lecteurs, sa session
          readers                         les lecteurs et ce qu'ils contiennent
          login                           ouvre la page de connexion de la plateforme
          login --ticket [--reader NOM]   connecte la carte et donne le ticket à l'appelant
          logout [--because MOTIF]        ferme la session ; MOTIF : locked, logged-off, signed-out
          watch                           surveille les cartes, sans rendre la main
          diagnose [--output FICHIER]     rapport pour la hotline, sans donnée personnelle
          open LIEN                       suit un lien cdr: de la page de connexion
          --version                       la version de l'agent
        Réglages : {string.Join(", puis ", AgentSettings.Files)}, puis les variables CDR_AGENT_…
          par exemple {Example}
        Codes de sortie
          0  fait
          1  refusé : le code du message dit pourquoi
          2  pas compris, ou à corriger avant de recommencer (commande, réglages)
          3  aucun agent ne tourne dans cette session
          4  l'agent ne répond pas
        """;

    private const string Example = """{ "platform": "https://cdr.exemple.fr/" }""";

    private const string JsonOption = "--json";

    private static readonly string[] Reasons = ["locked", "logged-off", "signed-out"];

    /// <summary>Each command's options, as they are written.</summary>
    private static readonly Dictionary<string, string[]> Options = new(StringComparer.Ordinal)
    {
        ["status"] = [],
        ["readers"] = [],
        ["login"] = ["--ticket", "--reader NOM"],
        ["logout"] = ["--because MOTIF"],
        ["watch"] = [],
        ["diagnose"] = ["--output FICHIER"],
        ["open"] = [],
    };

    /// <summary>What is answered without doing anything; null: it is a command.</summary>
    public static string? Told(string[] args) =>
        args is ["-h" or "help", ..] || args.Contains("--help") ? Usage : args.Where(word => word != JsonOption).ToArray() is ["--version" or "version"] ? PostProbes.AgentVersion : null;

    /// <summary>Null, and what was given and what is accepted, when it is not understood.</summary>
    public static CommandLine? Read(string[] args, out AgentReply? fault)
    {
        fault = null;
        if (args is not [var verb, ..] || !Options.TryGetValue(verb, out var options))
        {
            var commands = $"Commandes : {string.Join(", ", Options.Keys)}.";
            fault = args is [var typed, ..] && typed != JsonOption
                ? Fault($"Commande inconnue : « {typed} ».", $"La plus proche est « {Nearest.Of(typed, Options.Keys)} ». {commands}")
                : Fault("Il faut une commande.", commands);
            return null;
        }

        var line = new CommandLine(verb, args.Contains(JsonOption), null, false, null, null, null);
        for (var at = 1; at < args.Length && fault is null; at++)
        {
            var value = at + 1 < args.Length && !args[at + 1].StartsWith("--", StringComparison.Ordinal) ? args[at + 1] : null;
            switch (verb, args[at])
            {
                case (_, JsonOption):
                    break;
                case ("login", "--ticket"):
                    line = line with { Ticket = true };
                    break;
                case ("login", "--reader"):
                    (line, fault, at) = (line with { Reader = value }, Needs(args[at], value, "le nom d'un lecteur, tel que « cdr-agent readers » le dit"), at + 1);
                    break;
                case ("logout", "--because"):
                    (line, fault, at) = (line with { Because = value }, Needs(args[at], value, $"un motif parmi {string.Join(", ", Reasons)}", Reasons), at + 1);
                    break;
                case ("diagnose", "--output"):
                    (line, fault, at) = (line with { Output = value }, Needs(args[at], value, "le nom du fichier à écrire"), at + 1);
                    break;
                case ("open", var link) when line.Link is null && !link.StartsWith('-'):
                    line = line with { Link = link };
                    break;
                case ("open", var other) when !other.StartsWith('-'):
                    fault = Fault($"« {other} » est de trop.", "open attend un seul lien, entre guillemets.");
                    break;
                default:
                    fault = Unknown(verb, options, args[at]);
                    break;
            }
        }

        if (verb == "open" && line.Link is null)
            fault ??= Fault("Il faut un lien.", "open attend le lien de la page de connexion : cdr:sign-in?browser=…");
        // The page's link comes back to the agent by itself, and brings no reader with it.
        if (line is { Verb: "login", Reader: not null, Ticket: false })
            fault ??= Fault("--reader ne se donne qu'avec --ticket.", "Sans --ticket, l'agent demande à la personne quelle carte utiliser ; pour toujours le même lecteur, réglez « reader » dans agent.json.");
        return fault is null ? line : null;
    }

    private static AgentReply? Needs(string option, string? value, string what, string[]? among = null) =>
        string.IsNullOrWhiteSpace(value) ? Fault($"Il manque la valeur de {option}.", $"{option} attend {what}.")
        : among is not null && !among.Contains(value) ? Fault($"« {value} » n'est pas une valeur de {option}.", $"{option} attend {what}.") : null;

    private static AgentReply Unknown(string verb, string[] options, string typed)
    {
        string[] all = [.. options, JsonOption];
        // « --output=FICHIER » too: the value is another word.
        var nearest = Nearest.Of(typed.Split('=')[0], all.Select(option => option.Split(' ')[0]));
        return Fault(
            typed.StartsWith('-') ? $"« {typed} » n'est pas une option de {verb}." : $"« {typed} » est de trop pour {verb}.",
            $"Options de {verb} : {string.Join(", ", all)}.{(typed.StartsWith('-') ? $" La plus proche s'écrit {all.Single(option => option.Split(' ')[0] == nearest)}." : "")}");
    }

    private static AgentReply Fault(string words, string next) => new(false, "usage", words, next);
}

internal static class ExitCodes
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Usage = 2;

    /// <summary>No agent runs in this OS session.</summary>
    public const int NotRunning = 3;

    /// <summary>One runs, and does not answer.</summary>
    public const int Silent = 4;
}
