using System.Text.RegularExpressions;

namespace Cdr.Portal.Tickets;

/// <summary>Whether a number that is a person's may stand in a line. A guess that is worth a remark, and no refusal: Support seals a subject whatever it says.</summary>
internal static partial class NirShape
{
    public static bool IsIn(string line) => Shaped().IsMatch(line);

    // Sex, year, month, département (Corsica too), commune, order; with its key or without; in groups as people write it.
    [GeneratedRegex(@"(?<![0-9])[1-478](?:[ \u00a0\u202f.\-]?[0-9]){5}[ \u00a0\u202f.\-]?[0-9AaBb](?:[ \u00a0\u202f.\-]?[0-9]){6}(?:[ \u00a0\u202f.\-]?[0-9]{2})?(?![0-9])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shaped();
}
