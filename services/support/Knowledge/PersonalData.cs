using System.Text.RegularExpressions;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Knowledge;

/// <summary>
/// What everybody reads names nobody. What looks like a NIR, or an e-mail address that is no shared mailbox's, is refused with its place. A
/// name is not recognised: whoever publishes says that they have read it.
/// </summary>
internal static partial class PersonalData
{
    private static readonly string[] Mailboxes = ["accueil", "aide", "assistance", "cdr", "contact", "hotline", "info", "informations", "noreply", "no-reply", "support", "webmaster"];

    /// <summary>Null: nothing was found.</summary>
    public static ProblemHttpResult? Refuse(string field, string text)
    {
        // PostgreSQL keeps none.
        if (text.Contains('\0'))
            return Problems.Invalid(field, "text-unwritable", "Le texte contient un caractère nul, qui ne se garde pas.", "Recopiez-le depuis un éditeur de texte simple.");
        if (Find(text) is not { } found)
            return null;
        var line = text.AsSpan(0, found.Index).Count('\n') + 1;
        return found.IsNumber
            ? Problems.Invalid(field, "holds-nir", $"Ligne {line}\u00a0: ce qui ressemble à un numéro de sécurité sociale n'a pas sa place dans un texte que tous lisent.", "Retirez-le, même fictif, puis enregistrez de nouveau.", found.Index)
            : Problems.Invalid(field, "holds-email", $"Ligne {line}\u00a0: l'adresse électronique d'une personne n'a pas sa place dans un texte que tous lisent.", "Retirez-la, ou donnez l'adresse d'un service (contact@, support@, assistance@…).", found.Index);
    }

    /// <summary>The lines of a text without those that would be refused.</summary>
    public static string WithoutThem(string text) => string.Join('\n', text.Split('\n').Select(line => Find(line) is null ? line : "[…]"));

    private static (int Index, bool IsNumber)? Find(string text)
    {
        if (NirShaped().Match(text) is { Success: true } number)
            return (number.Index, true);
        foreach (Match address in Address().Matches(text))
        {
            if (!Mailboxes.Contains(address.Groups[1].Value, StringComparer.OrdinalIgnoreCase))
                return (address.Index, false);
        }

        return null;
    }

    // Sex, year, month, département (Corsica too), commune, order; with its key or without; in groups as people write it, between anything but digits.
    [GeneratedRegex(@"(?<![0-9])[1-478](?:[ \t\u00a0\u202f.\-_/]?[0-9]){5}[ \t\u00a0\u202f.\-_/]?[0-9AaBb](?:[ \t\u00a0\u202f.\-_/]?[0-9]){6}(?:[ \t\u00a0\u202f.\-_/]?[0-9][ \t\u00a0\u202f.\-_/]?[0-9])?(?![0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NirShaped();

    [GeneratedRegex(@"([A-Za-z0-9._%+\-]+)@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();
}
