using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>
/// What a version said: of each case its evidence and the answer that was drawn from it, one a line, in <c>Frozen/VERSION.json</c>. Made
/// once, when the version is new; the program that reads it is another one each day.
/// </summary>
internal sealed record FrozenRecord(string Name, JsonObject From, JsonObject Answer)
{
    // The rest of an affiliation is concluded.
    private static readonly string[] Given = ["source", "beneficiary", "insured", "organism"];
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Derivation", "Frozen");

    public static string PathOf(string version) => Path.Combine(Folder, version + ".json");

    public static IReadOnlyList<FrozenRecord> Read(string version) =>
    [
        .. JsonNode.Parse(File.ReadAllText(PathOf(version)))!.AsArray().Select(one => new FrozenRecord(one!["case"]!.GetValue<string>(), one["evidence"]!.AsObject(), one["answer"]!.AsObject())),
    ];

    /// <returns>The record of a version that has none yet.</returns>
    public static string Write(RuleSet rules) => $"[\n{string.Join(",\n", FrozenCases.All.Select(one => Line(one, rules)))}\n]\n";

    /// <summary>The answer of this record as the program now draws it again.</summary>
    public JsonObject DeriveAgain() => Node(Evidence.DeriveAgain(Bytes(Question()), Bytes(From)));

    /// <summary>The same by rules that have no name.</summary>
    public JsonObject By(RuleSet rules) => Node(JsonSerializer.SerializeToUtf8Bytes(
        JsonSerializer.Deserialize(Bytes(From), EvidenceJson.Default.Evidence)!.Conclude(rules, JsonSerializer.Deserialize(Bytes(Question()), RightsJson.Wire.ConsultationAnswer)!),
        RightsJson.Wire.ConsultationAnswer));

    /// <summary>Where an answer is not the frozen one, and both texts. These are nobody's: they may be shown.</summary>
    public IEnumerable<string> Differences(JsonObject answer) => Differences(Answer, answer, "").Select(place => $"{Name}: {place}");

    // Nothing that was concluded is left in it: what the rules do not say would not be there.
    private JsonObject Question()
    {
        var question = Answer.DeepClone().AsObject();
        if (question["reference"] is JsonObject reference)
            (reference["date"], reference["rule"], reference["sentence"]) = ("0001-01-01", "", "");
        foreach (var affiliation in question["affiliations"]!.AsArray().Select(one => one!.AsObject()))
        {
            foreach (var concluded in affiliation.Select(one => one.Key).Except(Given).ToList())
                affiliation.Remove(concluded);
            foreach (var section in (string[])["baseRights", "c2s", "ame", "maternity", "attendingPhysician"])
                affiliation[section] = new JsonObject { ["state"] = "closed", ["sentence"] = "", ["rule"] = "" };
            (affiliation["exemptions"], affiliation["modulations"]) = (new JsonArray(), new JsonArray());
        }

        return question;
    }

    private static string Line(FrozenCase one, RuleSet rules)
    {
        var record = new FrozenRecord(one.Name, Node(one.Evidence.ToBytes()!), Blank(one, rules));
        return new JsonObject { ["case"] = one.Name, ["evidence"] = record.From, ["answer"] = record.DeriveAgain() }.ToJsonString(Plain);
    }

    private static JsonObject Blank(FrozenCase one, RuleSet rules)
    {
        var (insured, patient, organism) = (one.Rights.Insured, one.Rights.Beneficiary, one.Rights.Organism);
        return new JsonObject
        {
            ["id"] = Guid.Empty,
            ["answeredAt"] = "2026-11-23T09:30:00Z",
            ["careDate"] = Iso(one.Care.Date),
            ["reference"] = one.Care.Kind is { } kind ? new JsonObject { ["kind"] = kind.Id, ["prescriptionDate"] = one.Care.Prescription is { } day ? Iso(day) : null } : null,
            ["reason"] = one.Reason.Id,
            ["outcome"] = "found",
            ["headline"] = "",
            ["explanation"] = "",
            ["nextSteps"] = new JsonArray(),
            ["rulesVersion"] = rules.Version,
            ["affiliations"] = new JsonArray(new JsonObject
            {
                ["source"] = new JsonObject { ["regime"] = "cnam", ["name"] = "Cnam", ["freshness"] = "live", ["obtainedAt"] = "2026-11-23T09:30:00Z", ["ageSeconds"] = 0 },
                ["beneficiary"] = new JsonObject
                {
                    ["familyName"] = patient.FamilyName, ["givenName"] = patient.GivenName, ["birthDate"] = patient.BirthDate.Iso, ["birthRank"] = patient.BirthRank.Value,
                    ["quality"] = patient.Quality.Code, ["qualityLabel"] = patient.Quality.Label,
                },
                ["insured"] = new JsonObject { ["nir"] = insured.Nir.Value, ["familyName"] = insured.FamilyName, ["givenName"] = insured.GivenName, ["isPatient"] = false },
                ["organism"] = new JsonObject { ["regimeCode"] = organism.Code.RegimeCode, ["caisse"] = organism.Code.Caisse, ["centre"] = organism.Code.Centre, ["label"] = organism.Label },
            }),
            ["candidates"] = new JsonArray(),
            ["regimes"] = new JsonArray(),
            ["missing"] = new JsonArray(),
        };
    }

    private static IEnumerable<string> Differences(JsonNode? frozen, JsonNode? now, string place)
    {
        if (frozen is JsonObject one && now is JsonObject other)
            return one.Select(member => member.Key).Union(other.Select(member => member.Key)).SelectMany(name => Differences(one[name], other[name], $"{place}.{name}".TrimStart('.')));
        if (frozen is JsonArray some && now is JsonArray others && some.Count == others.Count)
            return some.Zip(others).SelectMany((pair, index) => Differences(pair.First, pair.Second, $"{place}[{index}]"));
        return Text(frozen) == Text(now) ? [] : [$"{place} was {Text(frozen)} and is {Text(now)}"];
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(Plain) ?? "absent";

    private static JsonObject Node(byte[] json) => JsonNode.Parse(json)!.AsObject();

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(Plain));

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
