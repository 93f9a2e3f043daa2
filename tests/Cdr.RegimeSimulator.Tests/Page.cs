using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cdr.RegimeSimulator.Tests;

/// <summary>docs/regime-protocols.md read once more, for the tests only: a fault shared with the simulator would not be seen.</summary>
internal sealed partial class Page(JsonElement row)
{
    private static readonly Dictionary<string, string> English = EnglishNames();

    private static readonly Dictionary<string, string> Codes = new()
    {
        ["PMI"] = "1", ["MAT"] = "6", ["ALD8"] = "8", ["ALD9"] = "9", ["ALD13"] = "13", ["ALD16"] = "16", ["INV"] = "14",
        ["SE17"] = "17", ["SE18"] = "18", ["RAT"] = "6", ["FRO"] = "7", ["ASPA"] = "8", ["ALM"] = "9",
        ["C2S1"] = "1", ["C2S2"] = "2", ["C2S3"] = "3", ["AME"] = "10",
    };

    public static IReadOnlyList<Page> All { get; } =
        [.. JsonDocument.Parse(File.ReadAllText(Repository.Registry)).RootElement.GetProperty("regimes").EnumerateArray().Select(row => new Page(row.Clone()))];

    public string Id => row.GetProperty("id").GetString()!;

    public string Protocol => row.GetProperty("protocol").GetString()!;

    public string Address => row.GetProperty("address").GetString()!;

    public string Unknown => Dialect("unknown")!;

    public string OpenEnd => Dialect("openEnd")!;

    public bool HasMnemonics => Dialect("codes") == "mnemonic";

    public bool IsEnglish => Dialect("names") == "english";

    public string EncodingName => Dialect("encoding")!;

    public Encoding Encoding => CodePagesEncodingProvider.Instance.GetEncoding(EncodingName) ?? Encoding.GetEncoding(EncodingName);

    public bool Capable(string capability) => row.GetProperty("capabilities").GetProperty(capability).GetBoolean();

    public static Page Of(string id) => All.Single(page => page.Id == id);

    public string Name(string canonical) => Dialect("names") switch
    {
        "camel" => canonical,
        "pascal" => char.ToUpperInvariant(canonical[0]) + canonical[1..],
        "snake" => Humps().Replace(canonical, "_$0").ToLowerInvariant(),
        "upper" => Humps().Replace(canonical, "_$0").ToUpperInvariant(),
        "english" => English.GetValueOrDefault(canonical, canonical),
        var other => throw new InvalidOperationException(other),
    };

    public string Canonical(string name) => CanonicalNames.Single(canonical => Name(canonical) == name);

    public string Date(string iso)
    {
        var (year, month, day) = (iso[..4], iso[5..7], iso[8..]);
        return Dialect("dates") switch
        {
            "yyyy-MM-dd" => iso,
            "dd/MM/yyyy" => $"{day}/{month}/{year}",
            "yyyyMMdd" => year + month + day,
            "ddMMyyyy" => day + month + year,
            var other => throw new InvalidOperationException(other),
        };
    }

    public string Iso(string date) => Dialect("dates") switch
    {
        "yyyy-MM-dd" => date,
        "dd/MM/yyyy" => $"{date[6..]}-{date[3..5]}-{date[..2]}",
        "yyyyMMdd" => $"{date[..4]}-{date[4..6]}-{date[6..]}",
        "ddMMyyyy" => $"{date[4..]}-{date[2..4]}-{date[..2]}",
        var other => throw new InvalidOperationException(other),
    };

    public string Sfg(string code) => HasMnemonics ? Codes[code] : code;

    public string FrenchStatus(string status) => !IsEnglish ? status : status switch
    {
        "FOUND" => "TROUVE",
        "UNKNOWN" => "INCONNU",
        "CANDIDATES" => "PLUSIEURS",
        "BENEFICIARY_UNKNOWN" => "BENEFICIAIRE_INCONNU",
        "MOVED" => "MUTE",
        "CLOSED" => "FERME",
        "ERROR" => "ERREUR",
        _ => throw new InvalidOperationException(status),
    };

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public override string ToString() => Id;

    private static string[] CanonicalNames { get; } =
    [
        "statut", "dossier", "dossiers", "assure", "nir", "nom", "prenom", "beneficiaire", "nomUsage", "dateNaissance", "rangNaissance",
        "qualite", "organisme", "regime", "caisse", "centre", "libelle", "codeGestion", "centreGestion", "droitsBase", "debut", "fin",
        "exonerations", "modulations", "situations", "code", "organismeComplementaire", "participation", "maternites",
        "accidentsTravail", "numero", "date", "medecinTraitant", "declare", "specificiteContrat", "candidats", "mutation",
        "versRegime", "depuis", "erreur",
    ];

    private string? Dialect(string key) => row.GetProperty("dialect").TryGetProperty(key, out var value) ? value.GetString() : null;

    // The table of the page itself.
    private static Dictionary<string, string> EnglishNames()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "regime-protocols.md"));
        var line = page.Split('\n').Single(static line => line.StartsWith("English names: ", StringComparison.Ordinal));
        var names = line["English names: ".Length..].Split(" · ").Select(static pair => pair.Split(' ')).Where(static pair => pair.Length == 2)
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
        names["dossiers"] = "files";
        return names;
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Humps();
}
