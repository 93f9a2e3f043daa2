using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>
/// Whether a whole document says "gone to that regime since that day", in the words of docs/regime-protocols.md: who is sent elsewhere by
/// garbage is asked about where nobody knows them. Written from that page, without the readers it judges.
/// </summary>
internal static class MovedInItsWords
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly XNamespace Own = "urn:cdr:regime:1";

    public static bool Says(RegimeRow regime, HttpStatusCode status, byte[] body, RegimeAnswer.Moved moved)
    {
        try
        {
            return status == HttpStatusCode.OK && moved.To != regime.Id && regime.Protocol switch
            {
                RegimeProtocol.Rest => SaysRest(regime, JsonDocument.Parse(body, Strict).RootElement, moved),
                RegimeProtocol.Soap => SaysSoap(regime, body, moved),
                _ => SaysFhir(JsonDocument.Parse(body, Strict).RootElement, moved),
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or XmlException or InvalidOperationException or KeyNotFoundException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool SaysRest(RegimeRow regime, JsonElement root, RegimeAnswer.Moved moved)
    {
        var said = root.EnumerateObject().Where(one => one.Value.ValueKind != JsonValueKind.Null).ToDictionary(one => one.Name, one => one.Value);
        return said.Count == (moved.Rights is null ? 2 : 3)
            && said.Single(one => UnknownInItsWords.StatusIs(regime, one.Key)).Value.GetString() == (regime.Dialect.Names == NameStyle.English ? "MOVED" : "MUTE")
            && said[Name(regime, "mutation", "move")] is { ValueKind: JsonValueKind.Object } move
            && move.GetProperty(Name(regime, "versRegime", "toRegime")).GetString() == moved.To.Value
            && (move.TryGetProperty(Name(regime, "depuis", "since"), out var since) && since.ValueKind != JsonValueKind.Null ? since.GetString() : null) == Text(moved.Since, regime.Dialect.Dates);
    }

    private static bool SaysSoap(RegimeRow regime, byte[] body, RegimeAnswer.Moved moved) =>
        UnknownInItsWords.Content(regime, body) is { } answer && answer.Name == Own + "ConsulterDroitsReponse" && answer.Elements().Count() == (moved.Rights is null ? 2 : 3)
        && answer.Elements(Own + Name(regime, "statut", "status")).Single().Value == "MUTE"
        && answer.Elements(Own + Name(regime, "mutation", "move")).Single() is var move
        && move.Elements(Own + Name(regime, "versRegime", "toRegime")).Single().Value == moved.To.Value
        && move.Elements(Own + Name(regime, "depuis", "since")).SingleOrDefault()?.Value == Text(moved.Since, regime.Dialect.Dates);

    private static bool SaysFhir(JsonElement root, RegimeAnswer.Moved moved) =>
        root.GetProperty("resourceType").GetString() == "CoverageEligibilityResponse" && root.GetProperty("disposition").GetString() == "MUTE" && root.GetProperty("outcome").GetString() == "complete"
        && Extension(root, "urn:cdr:regime:moved-to", "valueString") == moved.To.Value
        && Extension(root, "urn:cdr:regime:moved-since", "valueDate") == Text(moved.Since, DatePattern.Iso);

    private static string? Extension(JsonElement root, string url, string value) =>
        root.GetProperty("extension").EnumerateArray().Where(one => one.GetProperty("url").GetString() == url).Select(one => one.GetProperty(value).GetString()).SingleOrDefault();

    private static string Name(RegimeRow regime, string canonical, string english) => regime.Dialect.Names switch
    {
        NameStyle.English => english,
        NameStyle.Pascal => char.ToUpperInvariant(canonical[0]) + canonical[1..],
        NameStyle.Snake => Apart(canonical),
        NameStyle.Upper => Apart(canonical).ToUpperInvariant(),
        _ => canonical,
    };

    private static string Apart(string name) => string.Concat(name.Select(one => char.IsUpper(one) ? "_" + char.ToLowerInvariant(one) : one.ToString()));

    private static string? Text(DateOnly? day, DatePattern? pattern) => day?.ToString(
        pattern switch { DatePattern.French => "dd/MM/yyyy", DatePattern.CompactYearFirst => "yyyyMMdd", null or DatePattern.Iso => "yyyy-MM-dd", _ => "ddMMyyyy" }, CultureInfo.InvariantCulture);
}
