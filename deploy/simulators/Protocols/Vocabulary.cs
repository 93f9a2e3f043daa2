using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>A dialect put to use: the words, dates and codes of one regime.</summary>
internal sealed class Vocabulary
{
    private static readonly FrozenDictionary<string, string> English = Pairs("""
        Nom familyName Prenom givenName NomUsage nameInUse DateNaissance birthDate DateNaissanceBeneficiaire
        beneficiaryBirthDate RangNaissance birthRank DateSoins careDate Statut status Dossier file Dossiers files Assure
        insured Beneficiaire beneficiary Qualite quality Organisme organism Caisse fund Libelle label CodeGestion
        managementCode CentreGestion managementCentre DroitsBase baseRights Exonerations exemptions
        OrganismeComplementaire complementaryBody Maternites maternities AccidentsTravail workAccidents Numero number
        MedecinTraitant attendingPhysician Declare declared SpecificiteContrat contractSpecificity Debut start Fin end
        Candidats candidates Mutation move VersRegime toRegime Depuis since Erreur error
        """);

    private static readonly FrozenDictionary<string, string> EnglishStatuses = Pairs("""
        TROUVE FOUND INCONNU UNKNOWN PLUSIEURS CANDIDATES BENEFICIAIRE_INCONNU BENEFICIARY_UNKNOWN MUTE MOVED FERME CLOSED
        ERREUR ERROR
        """);

    private static readonly FrozenDictionary<string, string> Mnemonics = Pairs("""
        Exonerations1 PMI Exonerations6 MAT Exonerations8 ALD8 Exonerations9 ALD9 Exonerations13 ALD13 Exonerations16 ALD16
        Exonerations14 INV Exonerations17 SE17 Exonerations18 SE18 Modulations6 RAT Modulations7 FRO Modulations8 ASPA
        Modulations9 ALM Situations1 C2S1 Situations2 C2S2 Situations3 C2S3 Situations10 AME
        """);

    private readonly string[] names;
    private readonly JsonEncodedText[] encoded;
    private readonly FrozenDictionary<string, Member> members;
    private readonly bool isEnglish;
    private readonly bool isMnemonic;

    public Vocabulary(Dialect dialect)
    {
        names = [.. Enum.GetNames<Member>().Select(name => Spell(name, dialect.Names))];
        encoded = [.. names.Select(static name => JsonEncodedText.Encode(name))];
        members = Enum.GetValues<Member>().ToFrozenDictionary(member => names[(int)member], StringComparer.Ordinal);
        isEnglish = dialect.Names == "english";
        isMnemonic = dialect.Codes == "mnemonic";
        Dates = new DatePattern(dialect.Dates ?? "yyyy-MM-dd");
        OpenEnd = dialect.OpenEnd;
        Unknown = dialect.Unknown;
    }

    public DatePattern Dates { get; }

    public string OpenEnd { get; }

    public string Unknown { get; }

    public string this[Member member] => names[(int)member];

    public JsonEncodedText Json(Member member) => encoded[(int)member];

    public bool TryRead(string name, out Member member) => members.TryGetValue(name, out member);

    /// <param name="section">Exonerations, Modulations or Situations: a number means another thing in each.</param>
    public string Code(Member section, string sfg) =>
        isMnemonic ? Mnemonics.GetValueOrDefault($"{section}{sfg}", sfg) : sfg;

    public string Status(Reply reply)
    {
        var french = reply switch
        {
            Reply.Found { SaysUnknown: false } => "TROUVE",
            Reply.Found => "INCONNU",
            Reply.Unknown => "INCONNU",
            Reply.Candidates => "PLUSIEURS",
            Reply.BeneficiaryUnknown => "BENEFICIAIRE_INCONNU",
            Reply.Moved => "MUTE",
            Reply.Closed => "FERME",
            _ => "ERREUR",
        };
        return isEnglish ? EnglishStatuses[french] : french;
    }

    private static string Spell(string name, string? style) => style switch
    {
        "pascal" => name,
        "snake" => Separated(name).ToLowerInvariant(),
        "upper" => Separated(name).ToUpperInvariant(),
        "english" => English.GetValueOrDefault(name, Camel(name)),
        "camel" or null => Camel(name),
        _ => throw new InvalidDataException($"Unknown dialect of names: {style}."),
    };

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Separated(string name)
    {
        var separated = new StringBuilder();
        foreach (var letter in name)
            _ = (char.IsAsciiLetterUpper(letter) && separated.Length > 0 ? separated.Append('_') : separated).Append(letter);
        return separated.ToString();
    }

    private static FrozenDictionary<string, string> Pairs(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToFrozenDictionary(static pair => pair[0], static pair => pair[1]);
}
