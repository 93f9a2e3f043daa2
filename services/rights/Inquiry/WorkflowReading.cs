using System.Globalization;
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

    /// <summary>
    /// With or without its key, with separators, behind a prefix; and beside other digits, where it is written as a number of a person is.
    /// Digits that begin with a day (20260131…) would be one of a month that is not known (20 and above): they are a day, unless they stand alone.
    /// </summary>
    private static bool HoldsNir(string text)
    {
        int[] places = [.. text.Index().Where(one => char.IsAsciiLetterOrDigit(one.Item)).Select(one => one.Index)];
        var bare = string.Concat(places.Select(place => text[place]));
        for (var start = 0; start + 13 <= bare.Length; start++)
        {
            var follows = start > 0 && char.IsAsciiDigit(bare[start - 1]);
            if (follows && places[start - 1] + 1 == places[start])
                continue;
            foreach (var end in (int[])[start + 13, start + 15])
            {
                if (end > bare.Length)
                    break;
                var isAlone = !follows && (end == bare.Length || !char.IsAsciiDigit(bare[end]));
                if ((isAlone || IsWritten(bare, places, start)) && Nir.Parse(bare[start..end]).TryGet(out _, out _))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Separated nowhere, or between its parts alone.</summary>
    private static bool IsWritten(string bare, int[] places, int start)
    {
        for (var next = 1; next < 13; next++)
        {
            if (places[start + next - 1] + 1 != places[start + next] && next is not (1 or 3 or 5 or 7 or 10))
                return false;
        }

        return bare[start + 3] is '0' or '1' || !BeginsWithDay(bare.AsSpan(start));
    }

    private static bool BeginsWithDay(ReadOnlySpan<char> bare) =>
        bare.StartsWith("20") && DateOnly.TryParseExact(bare[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
