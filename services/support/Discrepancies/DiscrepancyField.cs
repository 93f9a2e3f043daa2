using System.Globalization;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Domain;

namespace Cdr.Support.Discrepancies;

/// <summary>A field that a card or a paper shows: its words, how it is read, and what an affiliation has for it.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Label">For the clerk.</param>
/// <param name="Words">How cards and papers call it, tidied.</param>
/// <param name="Read">To its canonical text; null: unreadable.</param>
/// <param name="Answered">The same of the answer; null: not in it.</param>
/// <param name="Also">What the answer has beside it and is as true; null: nothing.</param>
internal sealed record DiscrepancyField(string Name, string Label, string[] Words, Func<string, string?> Read, Func<Affiliation, string?> Answered, Func<Affiliation, string?>? Also = null)
{
    private static readonly string[] DayForms = ["dd/MM/yyyy", "d/M/yyyy", "dd-MM-yyyy", "dd.MM.yyyy", "yyyy-MM-dd", "ddMMyyyy"];

    public static IReadOnlyList<DiscrepancyField> All { get; } =
    [
        new("nir", "NIR du patient", ["nir", "numero de securite sociale", "n° de securite sociale", "numero de secu"], ReadNir, one => one.Beneficiary.Nir ?? (one.Insured.IsPatient ? one.Insured.Nir : null)),
        new("insuredNir", "NIR de l'assuré", ["nir de l assure", "nir assure", "numero de l assure"], ReadNir, one => one.Insured.Nir),
        new("familyName", "nom", ["nom", "nom de naissance", "nom de famille", "nom d usage", "nom usuel", "nom marital"], ReadName, one => ReadName(one.Beneficiary.FamilyName), one => one.Beneficiary.NameInUse is { } used ? ReadName(used) : null),
        new("givenName", "prénom", ["prenom", "prenoms"], ReadName, one => ReadName(one.Beneficiary.GivenName)),
        new("birthDate", "date de naissance", ["date de naissance", "ne le", "nee le", "naissance"], ReadDay, one => one.Beneficiary.BirthDate),
        new("birthRank", "rang de naissance", ["rang", "rang de naissance", "rang gemellaire"], text => ReadNumber(text, 1), one => one.Beneficiary.BirthRank.ToString(CultureInfo.InvariantCulture)),
        new("regimeCode", "code régime", ["regime", "code regime"], text => ReadNumber(text, 2), one => one.Organism.RegimeCode),
        new("caisse", "caisse", ["caisse", "code caisse", "caisse gestionnaire"], text => ReadNumber(text, 3), one => one.Organism.Caisse),
        new("centre", "centre", ["centre", "code centre", "centre gestionnaire"], text => ReadNumber(text, 4), one => one.Organism.Centre),
        new("baseRights", "droits de base", ["droits de base", "droits", "droits ouverts", "droits ouverts a cette date"], ReadYes, one => Yes(one.BaseRights)),
        new("rightsStart", "début des droits", ["debut des droits", "droits du", "droits ouverts du"], ReadDate, one => Day(one.BaseRights.Start)),
        new("rightsEnd", "fin des droits", ["fin des droits", "droits jusqu au", "validite"], ReadDate, one => Day(one.BaseRights.End)),
        new("c2s", "Complémentaire santé solidaire", ["c2s", "css", "complementaire sante solidaire"], ReadYes, one => Yes(one.C2s)),
        new("c2sEnd", "fin de la Complémentaire santé solidaire", ["fin c2s", "fin de la c2s", "c2s jusqu au"], ReadDate, one => one.C2s.State == RightState.Open ? Day(one.C2s.End) : null),
        new("ame", "aide médicale de l'État", ["ame", "aide medicale de l etat"], ReadYes, one => Yes(one.Ame)),
        new("exemption", "exonération du ticket modérateur", ["exoneration", "ald", "exoneration du ticket moderateur"], ReadYes, one => one.Exemptions.Any(exemption => exemption.State == RightState.Open) ? "oui" : "non"),
        new("attendingPhysician", "médecin traitant", ["medecin traitant"], ReadName, one => one.AttendingPhysician.Name is { } name ? ReadName(name) : null),
    ];

    /// <summary>What the answer has that the typed text is held against: null where it has nothing.</summary>
    public string? AnsweredFor(Affiliation affiliation, string typed) => Also?.Invoke(affiliation) is { } also && also == typed ? also : Answered(affiliation);

    /// <summary>Lower case, without accents, apostrophes nor doubled spaces: how labels are recognised.</summary>
    public static string Tidy(string text)
    {
        var tidy = new StringBuilder();
        foreach (var one in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(one) == UnicodeCategory.NonSpacingMark)
                continue;
            var plain = one is '\'' or '’' or '\u00a0' or '\u202f' || char.IsWhiteSpace(one) ? ' ' : char.ToLowerInvariant(one);
            if (plain != ' ' || (tidy.Length > 0 && tidy[^1] != ' '))
                tidy.Append(plain);
        }

        return tidy.ToString().TrimEnd();
    }

    private static string? ReadNir(string text) => Nir.Parse(text).TryGet(out var nir, out _) ? nir.Value : null;

    /// <summary>Accents, hyphens and case are how it is written, not who it is.</summary>
    private static string? ReadName(string text) => Tidy(text.Replace('-', ' ')).ToUpperInvariant() is { Length: > 0 } name ? name : null;

    private static string? ReadNumber(string text, int length) =>
        text.Trim() is { Length: > 0 } number && number.Length <= length && number.All(char.IsAsciiLetterOrDigit) ? number.PadLeft(length, '0').ToUpperInvariant() : null;

    private static string? ReadDate(string text) =>
        DateOnly.TryParseExact(text.Trim(), DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Day(day) : null;

    private static string? ReadDay(string text)
    {
        if (ReadDate(text) is { } day)
            return day;
        // A lunar date of birth has a month or day that does not exist, and is kept as it is.
        var parts = text.Trim().Split('/', '-', '.');
        return parts is [{ Length: 2 }, { Length: 2 }, { Length: 4 }] && parts.All(part => part.All(char.IsAsciiDigit)) ? $"{parts[2]}-{parts[1]}-{parts[0]}" : null;
    }

    private static string? ReadYes(string text) => Tidy(text) switch
    {
        "oui" or "o" or "ouverte" or "ouvert" or "ouvertes" or "ouverts" or "1" => "oui",
        "non" or "n" or "fermee" or "ferme" or "fermees" or "fermes" or "0" => "non",
        _ => null,
    };

    private static string? Yes(Conclusion conclusion) => conclusion.State switch { RightState.Open => "oui", RightState.Closed => "non", _ => null };

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
