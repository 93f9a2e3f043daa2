using Cdr.EdgeAgent.Posts;

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
    private const string Usage = """
        cdr-agent COMMANDE [--json]
          status                          l'agent qui tourne, ses lecteurs, sa session
          readers                         les lecteurs et ce qu'ils contiennent
          login [--reader NOM]            ouvre la page de connexion de la plateforme
          login --ticket [--reader NOM]   connecte la carte et donne le ticket à l'appelant
          logout [--because MOTIF]        ferme la session ; MOTIF : locked, logged-off
          watch                           surveille les cartes, sans rendre la main
          diagnose [--output FICHIER]     rapport pour la hotline, sans donnée personnelle
          open LIEN                       suit un lien cdr: de la page de connexion
          --version                       la version de l'agent
        """;

    private static readonly string[] Verbs = ["status", "readers", "login", "logout", "watch", "diagnose", "open"];

    /// <summary>What is answered without doing anything; null: it is a command.</summary>
    public static string? Told(string[] args) => args switch
    {
        ["-h" or "--help" or "help"] => Usage,
        ["--version" or "version"] => PostProbes.AgentVersion,
        _ => null,
    };

    /// <summary>Null, said why, when it is not understood.</summary>
    public static CommandLine? Read(string[] args)
    {
        if (args is not [var verb, ..] || !Verbs.Contains(verb))
            return Refuse(args.Length == 0 ? "Il faut une commande." : $"Commande inconnue : {args[0]}.");
        var line = new CommandLine(verb, false, null, false, null, null, null);
        for (var i = 1; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    line = line with { Json = true };
                    break;
                case "--ticket" when verb == "login":
                    line = line with { Ticket = true };
                    break;
                case "--reader" when verb == "login" && HasValue(args, i):
                    line = line with { Reader = args[++i] };
                    break;
                case "--because" when verb == "logout" && HasValue(args, i) && args[i + 1] is ("locked" or "logged-off" or "signed-out"):
                    line = line with { Because = args[++i] };
                    break;
                case "--output" when verb == "diagnose" && HasValue(args, i):
                    line = line with { Output = args[++i] };
                    break;
                default:
                    if (verb != "open" || line.Link is not null)
                        return Refuse($"Option inconnue ou incomplète : {args[i]}.");
                    line = line with { Link = args[i] };
                    break;
            }
        }

        return verb == "open" && line.Link is null ? Refuse("Il faut un lien.") : line;
    }

    private static bool HasValue(string[] args, int at) => at + 1 < args.Length && !args[at + 1].StartsWith("--", StringComparison.Ordinal);

    private static CommandLine? Refuse(string why)
    {
        Console.Error.WriteLine(why);
        Console.Error.WriteLine(Usage);
        return null;
    }
}

internal static class ExitCodes
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Usage = 2;

    /// <summary>No agent runs in this OS session.</summary>
    public const int NotRunning = 3;
}
