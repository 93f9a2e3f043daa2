using System.Text.Json;
using System.Text.Json.Serialization;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>What an answer was derived from and does not itself say. Sealed beside it, it lets the answer be derived again, by its own rules.</summary>
/// <param name="Today">At the establishment, that day.</param>
/// <param name="Nature">Code of the insurance stated by the caller.</param>
/// <param name="Files">One an affiliation, in their order.</param>
internal sealed record Evidence(DateOnly Today, string? Nature, IReadOnlyList<Evidence.File> Files)
{
    /// <param name="GivesWorkAccidents">As the registry had it.</param>
    /// <param name="Departure">As the regime said it.</param>
    /// <param name="Rights">As the regime knew them.</param>
    internal sealed record File(bool GivesWorkAccidents, Departure? Departure, DatedRights Rights)
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(File);
    }

    public static Evidence Of(Question question, IReadOnlyList<RegimeFinding> findings, IEnumerable<Affiliation> affiliations) => new(
        question.Today,
        question.Nature?.Code,
        [.. affiliations.Select(affiliation =>
        {
            var finding = findings.First(f => f.Regime.Id.Value == affiliation.Source.Regime);
            var asked = question.CircumstancesAt(finding);
            return new File(asked.GivesWorkAccidents, asked.Departure, finding.Rights!);
        })]);

    /// <returns>Null when there was nothing to derive.</returns>
    public byte[]? ToBytes() => Files.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(this, EvidenceJson.Default.Evidence);

    /// <summary>The answer's bytes with every conclusion drawn again, by the rules that it names: the same bytes.</summary>
    /// <exception cref="InvalidDataException">Its rules are not known here.</exception>
    public static byte[] DeriveAgain(ReadOnlySpan<byte> body, ReadOnlySpan<byte> evidence)
    {
        var answer = JsonSerializer.Deserialize(body, RightsJson.Wire.ConsultationAnswer)!;
        var from = JsonSerializer.Deserialize(evidence, EvidenceJson.Default.Evidence)!;
        var rules = RuleSet.Find(answer.RulesVersion) ?? throw new InvalidDataException($"No rules {answer.RulesVersion}.");
        return JsonSerializer.SerializeToUtf8Bytes(from.Conclude(rules, answer), RightsJson.Wire.ConsultationAnswer);
    }

    /// <summary>The answer with every conclusion drawn by these rules.</summary>
    public ConsultationAnswer Conclude(RuleSet rules, ConsultationAnswer answer)
    {
        var care = new Care(
            answer.CareDate,
            answer.Reference is { } reference ? CareKind.Parse(reference.Kind).Value : null,
            answer.Reference?.PrescriptionDate,
            Nature is { } nature ? InsuranceNature.Parse(nature).Value : null);
        var reason = ConsultationReason.Parse(answer.Reason).Value;
        return answer with
        {
            Reference = ReferenceRule.Decide(care),
            Affiliations =
            [
                .. answer.Affiliations.Zip(Files, (affiliation, file) => affiliation.With(
                    Derive.At(rules, file.Rights, new Circumstances(care, reason, Today, file.GivesWorkAccidents, file.Departure)))),
            ],
        };
    }

    /// <summary>Masked.</summary>
    public override string ToString() => nameof(Evidence);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(AsText.OfNir), typeof(AsText.OfBirthDate), typeof(AsText.OfBirthRank), typeof(AsText.OfQuality),
        typeof(AsText.OfOrganism), typeof(AsText.OfPeriod), typeof(AsText.OfExemption), typeof(AsText.OfModulation),
        typeof(AsText.OfSituation), typeof(AsText.OfComplementaryBody), typeof(AsText.OfWorkAccident), typeof(AsText.OfRpps),
    ])]
[JsonSerializable(typeof(Evidence))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
