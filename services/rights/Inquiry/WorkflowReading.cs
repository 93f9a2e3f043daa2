using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Inquiry;

/// <summary>
/// The caller's own number of an admission: one for all questions of it. It identifies a stay, so that only its keyed hash is kept, bound to the
/// establishment; and it is never a person's number.
/// </summary>
internal static class WorkflowReading
{
    private const string Purpose = "workflow";
    private const int Longest = 64;

    /// <param name="text">As sent; null where none was.</param>
    /// <param name="problem">What is wrong, when false.</param>
    public static bool TryRead(string? text, out ProblemHttpResult? problem)
    {
        problem = null;
        if (text is null)
            return true;
        if (text.Length is 0 or > Longest || !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            problem = Problems.Invalid("workflowId", "workflow-id-not-acceptable", "L'identifiant de venue n'est pas acceptable.", $"De 1 à {Longest} lettres sans accent, chiffres, tirets, points ou tirets bas.");
        else if (HoldsNir(text))
            problem = Problems.Invalid("workflowId", "workflow-id-holds-nir", "L'identifiant de venue ressemble à un NIR.", "Donnez le numéro de venue de votre logiciel : jamais un numéro de sécurité sociale, ni un numéro qui le contient.");
        return problem is null;
    }

    public static byte[] Of(Pseudonyms pseudonyms, Finess establishment, string workflow) => pseudonyms.Of(Purpose, Text(establishment, workflow));

    /// <summary>Under every live key.</summary>
    public static IEnumerable<byte[]> AllOf(Pseudonyms pseudonyms, Finess establishment, string workflow) =>
        pseudonyms.AllOf(Purpose, Text(establishment, workflow)).Select(one => one.Pseudonym);

    private static string Text(Finess establishment, string workflow) => SubjectText.Parts(establishment.Value, workflow);

    // With or without its key, with separators, behind a prefix.
    private static bool HoldsNir(string text)
    {
        var bare = string.Concat(text.Where(char.IsAsciiLetterOrDigit));
        for (var start = 0; start + 13 <= bare.Length; start++)
        {
            if (start > 0 && char.IsAsciiDigit(bare[start - 1]))
                continue;
            var end = start + 13;
            while (end < bare.Length && char.IsAsciiDigit(bare[end]))
                end++;
            if (end - start is 13 or 15 && Nir.Parse(bare[start..end]).TryGet(out _, out _))
                return true;
        }

        return false;
    }
}
