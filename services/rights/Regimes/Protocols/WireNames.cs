using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The members of questions and answers in the words of a dialect (<c>docs/regime-protocols.md</c>, Dialects).</summary>
internal sealed partial class WireNames
{
    private static readonly FrozenDictionary<string, string> English = new Dictionary<string, string>
    {
        ["nir"] = "nir",
        ["nom"] = "familyName",
        ["prenom"] = "givenName",
        ["nomUsage"] = "nameInUse",
        ["dateNaissance"] = "birthDate",
        ["dateNaissanceBeneficiaire"] = "beneficiaryBirthDate",
        ["rangNaissance"] = "birthRank",
        ["dateSoins"] = "careDate",
        ["statut"] = "status",
        ["dossier"] = "file",
        ["dossiers"] = "files",
        ["assure"] = "insured",
        ["beneficiaire"] = "beneficiary",
        ["qualite"] = "quality",
        ["organisme"] = "organism",
        ["regime"] = "regime",
        ["caisse"] = "fund",
        ["centre"] = "centre",
        ["libelle"] = "label",
        ["codeGestion"] = "managementCode",
        ["centreGestion"] = "managementCentre",
        ["droitsBase"] = "baseRights",
        ["exonerations"] = "exemptions",
        ["modulations"] = "modulations",
        ["situations"] = "situations",
        ["organismeComplementaire"] = "complementaryBody",
        ["participation"] = "participation",
        ["maternites"] = "maternities",
        ["accidentsTravail"] = "workAccidents",
        ["numero"] = "number",
        ["medecinTraitant"] = "attendingPhysician",
        ["declare"] = "declared",
        ["specificiteContrat"] = "contractSpecificity",
        ["debut"] = "start",
        ["fin"] = "end",
        ["candidats"] = "candidates",
        ["mutation"] = "move",
        ["versRegime"] = "toRegime",
        ["depuis"] = "since",
        ["erreur"] = "error",
        ["code"] = "code",
        ["date"] = "date",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, string> toWire;
    private readonly FrozenDictionary<string, string> fromWire;

    public WireNames(NameStyle style)
    {
        toWire = English.ToFrozenDictionary(one => one.Key, one => InStyle(style, one.Key, one.Value), StringComparer.Ordinal);
        fromWire = toWire.ToFrozenDictionary(one => one.Value, one => one.Key, StringComparer.Ordinal);
    }

    /// <param name="canonical">One of the canonical names.</param>
    public string Wire(string canonical) => toWire[canonical];

    /// <exception cref="UnreadableAnswerException">Not a name of this dialect: what it holds might be a right.</exception>
    public string Canonical(string wire) =>
        fromWire.TryGetValue(wire, out var canonical) ? canonical : throw new UnreadableAnswerException("name");

    private static string InStyle(NameStyle style, string canonical, string english) => style switch
    {
        NameStyle.English => english,
        NameStyle.Snake => Capital().Replace(canonical, "_$0").ToLowerInvariant(),
        NameStyle.Upper => Capital().Replace(canonical, "_$0").ToUpperInvariant(),
        NameStyle.Pascal => $"{char.ToUpperInvariant(canonical[0])}{canonical[1..]}",
        _ => canonical,
    };

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
