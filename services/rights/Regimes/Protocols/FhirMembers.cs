using System.Collections.Frozen;
using System.Text.Json;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>
/// The elements of <c>docs/regime-protocols.md</c>, <c>fhir</c>. FHIR has many more, and some turn a right into its contrary
/// (<c>item.excluded</c>, <c>insurance.inforce</c>): an answer that has one of those is not understood.
/// </summary>
internal static class FhirMembers
{
    // As deep as a file is, and as much again.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 24, AllowDuplicateProperties = false };

    // By type of resource, or by the name of the element that holds them.
    private static readonly FrozenDictionary<string, FrozenSet<string>> Known = Table("""
        CoverageEligibilityResponse: resourceType id meta language text contained extension identifier status purpose patient servicedDate created requestor request outcome disposition insurer insurance
        OperationOutcome: resourceType id meta language text issue
        Patient: resourceType id extension identifier name birthDate
        Coverage: resourceType id extension status subscriber beneficiary period payor
        insurance: coverage item
        item: extension category productOrService name
        issue: severity code details diagnostics
        extension: url valueString valueCode valueInteger valueBoolean valueDate valuePeriod
        identifier: system value
        name: use family given
        period: start end
        valuePeriod: start end
        payor: identifier display
        category: coding text
        productOrService: coding text
        details: coding text
        coding: system code display
        patient: reference display
        beneficiary: reference display
        subscriber: reference display
        coverage: reference display
        """);

    private static readonly FrozenSet<string> NotLookedAt = ["meta", "text", "request", "requestor", "insurer"];

    /// <exception cref="UnreadableAnswerException">An element that the protocol does not name, or a text that was damaged.</exception>
    /// <exception cref="JsonException">Not one JSON document, or an element twice.</exception>
    public static void Check(byte[] body)
    {
        using var document = JsonDocument.Parse(body, Strict);
        Check("", document.RootElement);
    }

    private static void Check(string name, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var type = element.TryGetProperty("resourceType", out var stated) ? stated.GetString()! : name;
                if (!Known.TryGetValue(type, out var members))
                    throw new UnreadableAnswerException("element");
                foreach (var member in element.EnumerateObject())
                {
                    if (!members.Contains(member.Name))
                        throw new UnreadableAnswerException("element");
                    if (!NotLookedAt.Contains(member.Name))
                        Check(member.Name, member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    // FHIR has no list in a list; its library reads through one.
                    if (item.ValueKind == JsonValueKind.Array)
                        throw new UnreadableAnswerException("element");
                    Check(name, item);
                }

                break;
            case JsonValueKind.Null:
                // Its library takes it for left out.
                throw new UnreadableAnswerException("null");
            case JsonValueKind.String when !WireValues.IsText(element.GetString()):
                throw new UnreadableAnswerException("text");
        }
    }

    private static FrozenDictionary<string, FrozenSet<string>> Table(string text) => text.Split('\n')
        .Select(static line => line.Split(':'))
        .ToFrozenDictionary(static line => line[0], static line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
}
