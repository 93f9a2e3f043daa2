using System.Net;
using System.Text.Json;
using System.Xml.Linq;

namespace Cdr.RegimeSimulator.Tests;

public sealed class ProtocolTests(SimulatorHost host) : IClassFixture<SimulatorHost>
{
    private const string Nobody = "1850575113999";

    public static TheoryData<string> Regimes => [.. Page.All.Select(static page => page.Id)];

    [Theory]
    [MemberData(nameof(Regimes))]
    public async Task Whatever_the_dialect_the_answer_is_the_truth(string regime)
    {
        var page = Page.Of(regime);
        using var client = host.CreateClient();
        var asked = 0;
        foreach (var insured in host.People.All())
        {
            if (insured.Memberships.FirstOrDefault(membership => membership.Regime == regime) is not { MovedTo: null } membership)
                continue;
            foreach (var one in membership.Beneficiaries)
            {
                var question = new CaseQuestion
                {
                    Regime = regime, Nir = insured.Nir, BeneficiaryBirthDate = one.Person.BirthDate, BirthRank = one.Rank, Expected = "",
                };
                Assert.Equal(Facts.Of(insured, one), await AskAsync(client, page, question));
            }

            if (++asked == 40)
                break;
        }

        Assert.InRange(asked, 2, 40);
    }

    [Theory]
    [MemberData(nameof(Regimes))]
    public async Task Unknown_is_said_as_the_dialect_says_it(string regime)
    {
        var page = Page.Of(regime);
        using var client = host.CreateClient();
        using var response = await client.SendAsync(Wire.Request(page, ByNir(regime, Nobody)), TestContext.Current.CancellationToken);
        var text = page.Protocol == "soap" ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        switch (page.Unknown)
        {
            case "status" or "disposition":
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                break;
            case "not-found":
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
                break;
            case "empty":
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal($$"""{"{{page.Name("dossiers")}}":[]}""", text);
                break;
            case "fault":
                Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
                var document = XDocument.Parse(page.Encoding.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
                Assert.Equal("soap:Client", document.Descendants("faultcode").Single().Value);
                break;
            case "operation-outcome":
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
                Assert.Equal("not-found", JsonDocument.Parse(text).RootElement.GetProperty("issue")[0].GetProperty("code").GetString());
                break;
            default:
                Assert.Fail(page.Unknown);
                break;
        }

        Assert.Equal(["statut=INCONNU"], await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Regimes))]
    public async Task A_past_date_is_refused_where_the_regime_cannot(string regime)
    {
        var page = Page.Of(regime);
        using var client = host.CreateClient();
        using var response = await client.SendAsync(Wire.Request(page, ByNir(regime, Nobody), "2020-01-01"), TestContext.Current.CancellationToken);
        var facts = await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken);
        Assert.Contains(page.Capable("pastDates") ? "statut=INCONNU" : "erreur.code=DATE_PASSEE", facts);
        Assert.Equal(page.Capable("pastDates"), response.StatusCode != HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(Regimes))]
    public async Task A_search_by_name_is_refused_where_the_regime_cannot(string regime)
    {
        var page = Page.Of(regime);
        using var client = host.CreateClient();
        var question = new CaseQuestion { Regime = regime, Names = Cases.CaseFamilies.Known("Personne", "Aucune", "1990-01-01"), Expected = "" };
        using var response = await client.SendAsync(Wire.Request(page, question), TestContext.Current.CancellationToken);
        var facts = await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken);
        Assert.Contains(page.Capable("searchByName") ? "statut=INCONNU" : "erreur.code=RECHERCHE_NOM", facts);
    }

    [Theory]
    [MemberData(nameof(Regimes))]
    public async Task A_request_without_its_headers_is_refused(string regime)
    {
        var page = Page.Of(regime);
        foreach (var header in new[] { "X-Consultation", "X-Establishment", "X-Purpose" })
            await AssertRefusedAsync(page, "ENTETE", request => request.Headers.Remove(header));
        await AssertRefusedAsync(page, "ADRESSE", request => request.RequestUri = new Uri(request.RequestUri + "?nir=x", UriKind.Relative));
        await AssertRefusedAsync(page, "TYPE_CONTENU", request => request.Content!.Headers.ContentType = new("text/plain"));
    }

    [Theory]
    [InlineData("""{"nir":"2840575112901","dateSoins":"2026-01-02","autre":"x"}""", "REQUETE")]
    [InlineData("""{"nir":"2840575112901","nir":"2840575112901","dateSoins":"2026-01-02"}""", "REQUETE")]
    [InlineData("""{"nir":2840575112901,"dateSoins":"2026-01-02"}""", "REQUETE")]
    [InlineData("""{"nir":"2840575112901","nom":"X","dateSoins":"2026-01-02"}""", "REQUETE")]
    [InlineData("""{"nom":"X","prenom":"Y","dateSoins":"2026-01-02"}""", "REQUETE")]
    [InlineData("""{"dateSoins":"2026-01-02"}""", "REQUETE")]
    [InlineData("""{"nir":"2840575112901","dateSoins":"02/01/2026"}""", "DATE")]
    [InlineData("""{"nir":"2840575112901","dateSoins":"2026-02-30"}""", "DATE")]
    [InlineData("""{"nir":"2840575112901"}""", "DATE")]
    [InlineData("""{"nir":"284057511290154","dateSoins":"2026-01-02"}""", "NIR")]
    [InlineData("""{"nir":"2841375112901","dateSoins":"2026-01-02"}""", "NIR")]
    [InlineData("""{"nir":"2840575112901","dateSoins":"2026-01-02","rangNaissance":12}""", "RANG")]
    [InlineData("""{"nir":"2840575112901","dateSoins":"2026-01-02"} {}""", "REQUETE")]
    [InlineData("""{"nir":"2840575112901","dateSoins":"2026-01-02""", "REQUETE")]
    [InlineData("[]", "REQUETE")]
    [InlineData("", "REQUETE")]
    public async Task A_rest_request_that_is_not_the_page_s_is_refused(string body, string code) =>
        await AssertRefusedAsync(Page.Of("cnam"), code, Wire.RestBody(Page.Of("cnam"), body));

    [Fact]
    public async Task A_body_beyond_64_KiB_is_refused() =>
        await AssertRefusedAsync(Page.Of("cnam"), "REQUETE", Wire.RestBody(Page.Of("cnam"), new string(' ', 65_537)));

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY e "1">]><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ConsulterDroits xmlns="urn:cdr:regime:1"><Nir>&e;</Nir></ConsulterDroits></s:Body></s:Envelope>""")]
    [InlineData("""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ConsulterDroits><Nir>1680221231901</Nir><DateSoins>2026-01-02</DateSoins></ConsulterDroits></s:Body></s:Envelope>""")]
    [InlineData("""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ConsulterDroits xmlns="urn:cdr:regime:1"><NIR>1680221231901</NIR><DateSoins>2026-01-02</DateSoins></ConsulterDroits></s:Body></s:Envelope>""")]
    [InlineData("""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>""")]
    [InlineData("<a>")]
    [InlineData("")]
    public async Task A_soap_request_that_is_not_the_page_s_is_refused(string body) =>
        await AssertRefusedAsync(Page.Of("cprpf"), "REQUETE", Wire.SoapBody(Page.Of("cprpf"), body));

    [Fact]
    public async Task A_soap_request_without_its_action_is_refused() =>
        await AssertRefusedAsync(Page.Of("cprpf"), "ENTETE", request => request.Headers.Remove("SOAPAction"));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"resourceType":"CoverageEligibilityRequest"}""")]
    [InlineData("""{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-01-01","servicedDate":"2026-01-02","insurer":{"display":"x"},"patient":{"reference":"#beneficiary"},"contained":[]}""")]
    [InlineData("""{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-01-01","servicedDate":"2026-01-02","insurer":{"display":"x"},"patient":{"reference":"#beneficiary"},"contained":[{"resourceType":"Patient","id":"beneficiary"}]}""")]
    [InlineData("x")]
    public async Task A_fhir_request_that_is_not_the_page_s_is_refused(string body) =>
        await AssertRefusedAsync(Page.Of("crpcen"), "REQUETE", Wire.FhirBody(Page.Of("crpcen"), body));

    [Fact]
    public async Task A_candidate_asked_again_by_the_number_given_is_found()
    {
        var question = host.People.Case("both-parents").Questions[^1];
        using var client = host.CreateClient();
        var page = Page.Of("cnam");
        var candidates = await AskAsync(client, page, question);
        foreach (var nir in candidates.Where(static fact => fact.Contains(".nir=", StringComparison.Ordinal)).Select(static fact => fact[^13..]))
        {
            var again = await AskAsync(client, page, ByNir("cnam", nir) with { BeneficiaryBirthDate = question.Names!.BirthDate, BirthRank = 1 });
            Assert.Contains("statut=TROUVE", again);
            Assert.Contains($"beneficiaire.prenom={question.Names.GivenName}", again);
        }
    }

    private static CaseQuestion ByNir(string regime, string nir) => new() { Regime = regime, Nir = nir, Expected = "" };

    private static async Task<SortedSet<string>> AskAsync(HttpClient client, Page page, CaseQuestion question)
    {
        using var response = await client.SendAsync(Wire.Request(page, question), TestContext.Current.CancellationToken);
        return await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken);
    }

    private Task AssertRefusedAsync(Page page, string code, Action<HttpRequestMessage> spoil)
    {
        var request = Wire.Request(page, ByNir(page.Id, Nobody));
        spoil(request);
        return SendRefusedAsync(page, code, request);
    }

    private Task AssertRefusedAsync(Page page, string code, HttpRequestMessage request) => SendRefusedAsync(page, code, Wire.WithHeaders(request));

    private async Task SendRefusedAsync(Page page, string code, HttpRequestMessage request)
    {
        using var client = host.CreateClient();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var facts = await Facts.ReadAsync(page, response, TestContext.Current.CancellationToken);
        Assert.Contains("statut=ERREUR", facts);
        Assert.Contains($"erreur.code={code}", facts);
    }
}
