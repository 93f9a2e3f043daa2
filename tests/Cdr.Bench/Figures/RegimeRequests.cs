using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Rights.Regimes;
using Cdr.Testing.Identity;

namespace Cdr.Bench.Figures;

/// <summary>The seventeen requests a bare fan-out sends: the least that each regime understands, written by hand.</summary>
internal static class RegimeRequests
{
    public static IReadOnlyList<Func<string, HttpRequestMessage>> All(Uri simulator, DateOnly careDate)
    {
        var registry = RegimeRegistry.Load(Path.Combine(AppContext.BaseDirectory, "regimes.json"));
        return [.. registry.Rows.Select(row => (Func<string, HttpRequestMessage>)(nir => Of(row, simulator, careDate, nir)))];
    }

    public static HttpRequestMessage Make(Uri address, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Add("X-Consultation", Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString());
        request.Headers.Add("X-Establishment", TestCaller.Establishment);
        request.Headers.Add("X-Purpose", "emergency");
        return request;
    }

    private static HttpRequestMessage Of(RegimeRow row, Uri simulator, DateOnly careDate, string nir)
    {
        var address = new Uri(simulator, row.Address);
        switch (row.Protocol)
        {
            case RegimeProtocol.Rest:
                var member = Json(row, "names") switch { "snake" => "date_soins", "english" => "careDate", _ => "dateSoins" };
                var body = new JsonObject { ["nir"] = nir, [member] = careDate.ToString(Json(row, "dates"), CultureInfo.InvariantCulture) };
                return Make(new Uri(address, "droits"), new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
            case RegimeProtocol.Soap:
                var upper = Json(row, "names") == "upper";
                var date = careDate.ToString(Json(row, "dates"), CultureInfo.InvariantCulture);
                var xml = $"""
                    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><ConsulterDroits xmlns="urn:cdr:regime:1"><{(upper ? "NIR" : "Nir")}>{nir}</{(upper ? "NIR" : "Nir")}><{(upper ? "DATE_SOINS" : "DateSoins")}>{date}</{(upper ? "DATE_SOINS" : "DateSoins")}></ConsulterDroits></soap:Body></soap:Envelope>
                    """;
                var encoding = Json(row, "encoding") == "iso-8859-15" ? Encoding.Latin1 : Encoding.UTF8;
                var content = new ByteArrayContent(encoding.GetBytes(xml.Trim()));
                content.Headers.TryAddWithoutValidation("Content-Type", "text/xml; charset=" + Json(row, "encoding"));
                var soap = Make(new Uri(address, "soap"), content);
                soap.Headers.TryAddWithoutValidation("SOAPAction", "\"urn:cdr:regime:1#ConsulterDroits\"");
                return soap;
            default:
                var fhir = $$"""
                    {"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"{{careDate:yyyy-MM-dd}}","servicedDate":"{{careDate:yyyy-MM-dd}}","insurer":{"display":"{{row.Id}}"},"patient":{"reference":"#beneficiary"},"contained":[{"resourceType":"Patient","id":"insured","identifier":[{"system":"urn:oid:1.2.250.1.213.1.4.10","value":"{{nir}}"}]},{"resourceType":"Patient","id":"beneficiary"}]}
                    """;
                return Make(new Uri(address, "CoverageEligibilityRequest/$submit"), new StringContent(fhir, Encoding.UTF8, "application/fhir+json"));
        }
    }

    /// <summary>A dialect's value as the registry's file writes it.</summary>
    private static string Json(RegimeRow row, string member) => JsonSerializer.SerializeToNode(row, RegimeJson.Default.Options)!["dialect"]?[member]?.GetValue<string>() ?? "";
}
