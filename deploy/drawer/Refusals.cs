using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Drawer;

/// <summary>Problem details in the platform's shape.</summary>
internal static class Refusals
{
    public static ProblemHttpResult CardUnknown() => Problem(404, "card-unknown", "Cette carte n'est pas dans le tiroir.", "Choisissez une carte de la liste.");

    public static ProblemHttpResult PinMalformed() => Problem(400, "pin-malformed", "Le code comporte quatre chiffres.", "Saisissez le code à quatre chiffres de la carte.", ("field", "pin"));

    public static ProblemHttpResult PinWrong(int left) => Problem(403, "pin-wrong", "Le code est faux.", $"Essais restants : {left}.", ("triesLeft", left));

    public static ProblemHttpResult CardBlocked() => Problem(403, "card-blocked", "La carte est bloquée après trois codes faux.", "Renouvelez la carte du tiroir.", ("triesLeft", 0));

    public static ProblemHttpResult SessionsSilent() => Problem(502, "sessions-silent", "Le service d'ouverture de session ne répond pas.", "Réessayez dans quelques instants.");

    /// <summary>What Sessions said, as it said it.</summary>
    public static ProblemHttpResult PassedOn(int status, string code, string? title, string? detail) => Problem(status, code, title ?? "La connexion est refusée.", detail);

    private static ProblemHttpResult Problem(int status, string code, string title, string? detail, params (string Name, object? Value)[] more)
    {
        var extensions = more.Append(("code", code)).ToDictionary(one => one.Item1, one => one.Item2);
        return TypedResults.Problem(detail, statusCode: status, title: title, type: "urn:cdr:problem:" + code, extensions: extensions);
    }
}
