using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>
/// Whether a whole document says "unknown here" and nothing else, in the words of docs/regime-protocols.md. Written
/// from that page, without the readers it judges.
/// </summary>
internal static class UnknownInItsWords
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Own = "urn:cdr:regime:1";

    public static bool Says(RegimeRow regime, HttpStatusCode status, byte[] body)
    {
        try
        {
            return (regime.Protocol, regime.Dialect.Unknown, status) switch
            {
                (RegimeProtocol.Rest, UnknownStyle.Status, HttpStatusCode.OK) or (RegimeProtocol.Rest, UnknownStyle.NotFound, HttpStatusCode.NotFound) =>
                    Only(body) is { } only && StatusIs(regime, only.Name) && only.Value.ValueKind == JsonValueKind.String
                    && only.Value.GetString() == (regime.Dialect.Names == NameStyle.English ? "UNKNOWN" : "INCONNU"),
                (RegimeProtocol.Rest, UnknownStyle.Empty, HttpStatusCode.OK) =>
                    Only(body) is { Value: { ValueKind: JsonValueKind.Array } files } && files.GetArrayLength() == 0,
                (RegimeProtocol.Soap, UnknownStyle.Status, HttpStatusCode.OK) =>
                    Content(regime, body) is { } answer && answer.Name == Own + "ConsulterDroitsReponse" && IsUnknown(answer),
                (RegimeProtocol.Soap, UnknownStyle.Fault, HttpStatusCode.InternalServerError) =>
                    Content(regime, body) is { } fault && fault.Name == Soap + "Fault" && fault.Elements("detail").ToList() is [var detail] && IsUnknown(detail),
                (RegimeProtocol.Fhir, UnknownStyle.Disposition, HttpStatusCode.OK) => SaysDisposition(JsonDocument.Parse(body, Strict).RootElement),
                (RegimeProtocol.Fhir, UnknownStyle.OperationOutcome, HttpStatusCode.NotFound) =>
                    JsonDocument.Parse(body, Strict).RootElement is var outcome
                    && outcome.GetProperty("resourceType").GetString() == "OperationOutcome"
                    && outcome.GetProperty("issue").GetArrayLength() == 1
                    && outcome.GetProperty("issue")[0].GetProperty("code").GetString() == "not-found"
                    && outcome.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString() == "INCONNU",
                _ => false,
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or XmlException or InvalidOperationException or KeyNotFoundException or DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>The same of « the insured person is known, this beneficiary is not theirs », which ends a search too.</summary>
    public static bool SaysOfBeneficiary(RegimeRow regime, HttpStatusCode status, byte[] body)
    {
        try
        {
            return status == HttpStatusCode.OK && regime.Protocol switch
            {
                RegimeProtocol.Rest => Only(body) is { } only && StatusIs(regime, only.Name) && only.Value.ValueKind == JsonValueKind.String
                    && only.Value.GetString() == (regime.Dialect.Names == NameStyle.English ? "BENEFICIARY_UNKNOWN" : "BENEFICIAIRE_INCONNU"),
                RegimeProtocol.Soap => Content(regime, body) is { } answer && answer.Name == Own + "ConsulterDroitsReponse" && Is("BENEFICIAIRE_INCONNU", answer),
                _ => SaysDisposition(JsonDocument.Parse(body, Strict).RootElement, "BENEFICIAIRE_INCONNU"),
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or XmlException or InvalidOperationException or KeyNotFoundException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool SaysDisposition(JsonElement root, string said = "INCONNU") =>
        root.GetProperty("resourceType").GetString() == "CoverageEligibilityResponse"
        && root.GetProperty("disposition").GetString() == said && root.GetProperty("outcome").GetString() == "complete"
        && (!root.TryGetProperty("status", out var status) || status.GetString() == "active")
        && root.EnumerateObject().All(one => one.Name is not ("contained" or "insurance" or "error" or "extension" or "modifierExtension"));

    // A member that is null is not there.
    private static JsonProperty? Only(byte[] body) =>
        JsonDocument.Parse(body, Strict).RootElement is { ValueKind: JsonValueKind.Object } root
        && root.EnumerateObject().Where(one => one.Value.ValueKind != JsonValueKind.Null).ToList() is [var only]
            ? only
            : null;

    internal static bool StatusIs(RegimeRow regime, string name) => name == regime.Dialect.Names switch
    {
        NameStyle.English => "status",
        NameStyle.Pascal => "Statut",
        NameStyle.Upper => "STATUT",
        _ => "statut",
    };

    private static bool IsUnknown(XElement holder) => Is("INCONNU", holder);

    private static bool Is(string said, XElement holder) =>
        holder.Elements().ToList() is [{ HasElements: false } only] && only.Value == said && only.Name.Namespace == Own
        && only.Name.LocalName is "Statut" or "STATUT";

    internal static XElement? Content(RegimeRow regime, byte[] body)
    {
        Encoding encoding = regime.Dialect.Encoding == WireEncoding.Latin9
            ? CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!
            : new UTF8Encoding(false, throwOnInvalidBytes: true);
        return XDocument.Parse(encoding.GetString(body).TrimStart('\uFEFF')).Root!.Elements(Soap + "Body").Single().Elements().ToList() is [var only] ? only : null;
    }
}
