using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Cdr.RegimeSimulator.Tests;

/// <summary>Asks a simulated regime in its own protocol and dialect.</summary>
internal static class Wire
{
    public const string Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    public static readonly XNamespace Own = "urn:cdr:regime:1";

    public static HttpRequestMessage Request(Page page, CaseQuestion question, string? careDate = null)
    {
        var care = careDate ?? Page.Iso(question.CareDate ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
        return WithHeaders(page.Protocol switch
        {
            "rest" => Rest(page, Members(question, care)),
            "soap" => SoapCall(page, Members(question, care)),
            _ => Fhir(page, question, care),
        });
    }

    public static HttpRequestMessage WithHeaders(HttpRequestMessage request)
    {
        request.Headers.Add("X-Consultation", "0197a1b2-0000-7000-8000-000000000001");
        request.Headers.Add("X-Establishment", "750712184");
        request.Headers.Add("X-Purpose", "emergency");
        return request;
    }

    public static HttpRequestMessage RestBody(Page page, string json) => new(HttpMethod.Post, page.Address + "droits")
    {
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
    };

    public static HttpRequestMessage SoapBody(Page page, string xml)
    {
        var content = new ByteArrayContent(page.Encoding.GetBytes(xml));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = page.EncodingName };
        var request = new HttpRequestMessage(HttpMethod.Post, page.Address + "soap") { Content = content };
        request.Headers.Add("SOAPAction", "\"urn:cdr:regime:1#ConsulterDroits\"");
        return request;
    }

    public static HttpRequestMessage FhirBody(Page page, string json) =>
        new(HttpMethod.Post, page.Address + "CoverageEligibilityRequest/$submit")
        {
            Content = new StringContent(json, new MediaTypeHeaderValue("application/fhir+json")),
        };

    private static List<(string Name, string Value)> Members(CaseQuestion question, string care)
    {
        List<(string, string)> members = [("dateSoins", care)];
        if (question.Nir is not null)
            members.Add(("nir", question.Nir));
        if (question.Names is { } names)
            members.AddRange([("nom", names.FamilyName), ("prenom", names.GivenName), ("dateNaissance", names.BirthDate.Iso)]);
        if (question.BeneficiaryBirthDate is { } birth)
            members.Add(("dateNaissanceBeneficiaire", birth.Iso));
        if (question.BirthRank is { } rank)
            members.Add(("rangNaissance", rank.ToString(CultureInfo.InvariantCulture)));
        return members;
    }

    private static HttpRequestMessage Rest(Page page, List<(string Name, string Value)> members)
    {
        var body = new JsonObject();
        foreach (var (name, value) in members)
            body[page.Name(name)] = name == "rangNaissance"
                ? int.Parse(value, CultureInfo.InvariantCulture)
                : Written(page, name, value);
        return RestBody(page, body.ToJsonString());
    }

    private static HttpRequestMessage SoapCall(Page page, List<(string Name, string Value)> members)
    {
        XNamespace soap = Soap;
        var call = new XElement(Own + "ConsulterDroits",
            members.Select(member => new XElement(Own + page.Name(member.Name), Written(page, member.Name, member.Value))));
        return SoapBody(page, new XElement(soap + "Envelope", new XElement(soap + "Body", call)).ToString());
    }

    private static HttpRequestMessage Fhir(Page page, CaseQuestion question, string care)
    {
        var beneficiary = new JsonObject { ["resourceType"] = "Patient", ["id"] = "beneficiary" };
        var birth = question.BeneficiaryBirthDate ?? question.Names?.BirthDate;
        var extensions = new JsonArray();
        if (birth is { IsLunar: false })
            beneficiary["birthDate"] = birth.Iso;
        else if (birth is not null)
            extensions.Add(new JsonObject { ["url"] = "urn:cdr:regime:birth-date", ["valueString"] = birth.Iso });
        if (question.BirthRank is { } rank)
            extensions.Add(new JsonObject { ["url"] = "urn:cdr:regime:birth-rank", ["valueInteger"] = rank });
        if (extensions.Count > 0)
            beneficiary["extension"] = extensions;
        if (question.Names is { } names)
            beneficiary["name"] = new JsonArray(new JsonObject { ["family"] = names.FamilyName, ["given"] = new JsonArray(names.GivenName) });

        var contained = new JsonArray(beneficiary);
        if (question.Nir is not null)
            contained.Add(new JsonObject
            {
                ["resourceType"] = "Patient",
                ["id"] = "insured",
                ["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:oid:1.2.250.1.213.1.4.10", ["value"] = question.Nir }),
            });
        return FhirBody(page, new JsonObject
        {
            ["resourceType"] = "CoverageEligibilityRequest",
            ["status"] = "active",
            ["purpose"] = new JsonArray("benefits"),
            ["created"] = "2026-01-01",
            ["servicedDate"] = care,
            ["insurer"] = new JsonObject { ["display"] = "régime" },
            ["patient"] = new JsonObject { ["reference"] = "#beneficiary" },
            ["contained"] = contained,
        }.ToJsonString());
    }

    private static string Written(Page page, string name, string value) =>
        name.StartsWith("date", StringComparison.Ordinal) ? page.Date(value) : value;
}
