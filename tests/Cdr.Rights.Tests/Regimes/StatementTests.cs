using System.Net;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>What is said beside found and unknown, in each protocol.</summary>
public sealed class StatementTests
{
    private const string Json = "application/json; charset=utf-8";
    private const string Xml = "text/xml; charset=utf-8";
    private const string Fhir = "application/fhir+json";
    private const string Response =
        """{"resourceType":"CoverageEligibilityResponse","status":"active","outcome":"complete","disposition":"#STATUS"#MORE}""";

    [Theory]
    [InlineData("cnam", Json, """{"statut":"BENEFICIAIRE_INCONNU"}""")]
    [InlineData("mgen", Json, """{"status":"BENEFICIARY_UNKNOWN"}""")]
    [InlineData("camieg", Json, """{"statut":"BENEFICIAIRE_INCONNU"}""")]
    [InlineData("cprpf", Xml, "<Statut>BENEFICIAIRE_INCONNU</Statut>")]
    [InlineData("crpcen", Fhir, "BENEFICIAIRE_INCONNU")]
    public async Task The_insured_person_is_known_and_the_beneficiary_is_not(string regime, string type, string body) =>
        Assert.Equal(new RegimeAnswer.BeneficiaryUnknown(), await AskAsync(regime, type, body));

    [Theory]
    [InlineData("cnam", Json, """{"statut":"MUTE","mutation":{"versRegime":"msa","depuis":"2023-07-01"}}""")]
    [InlineData("mgen", Json, """{"status":"MOVED","move":{"toRegime":"msa","since":"2023-07-01"}}""")]
    [InlineData("cprpf", Xml, "<Statut>MUTE</Statut><Mutation><VersRegime>msa</VersRegime><Depuis>2023-07-01</Depuis></Mutation>")]
    [InlineData("crpcen", Fhir, """MUTE","extension":[{"url":"urn:cdr:regime:moved-to","valueString":"msa"},{"url":"urn:cdr:regime:moved-since","valueDate":"2023-07-01"}],"language":"fr""")]
    public async Task Gone_to_another_regime_names_it(string regime, string type, string body)
    {
        var moved = Assert.IsType<RegimeAnswer.Moved>(await AskAsync(regime, type, body));

        Assert.Equal(("msa", new DateOnly(2023, 7, 1)), (moved.To.Value, moved.Since));
    }

    [Theory]
    [InlineData("""{"statut":"MUTE","mutation":{"versRegime":"rsi","depuis":"2023-07-01"}}""")]
    [InlineData("""{"statut":"MUTE","mutation":{"versRegime":"cnam","depuis":"2023-07-01"}}""")]
    [InlineData("""{"statut":"MUTE","mutation":{"versRegime":"msa","depuis":"hier"}}""")]
    [InlineData("""{"statut":"MUTE"}""")]
    public async Task A_move_that_leads_nowhere_is_unreadable(string body) =>
        Assert.Equal(EveryDialectTests.Unreadable, await AskAsync("cnam", Json, body));

    [Theory]
    [InlineData("cnam", Json, """{"statut":"PLUSIEURS","candidats":[{"nir":"2550814168025","nom":"A","prenom":"B","dateNaissance":"1950-20-00","rangNaissance":2}]}""")]
    [InlineData("cprpf", Xml, "<Statut>PLUSIEURS</Statut><Candidats><Nir>2550814168025</Nir><Nom>A</Nom><Prenom>B</Prenom><DateNaissance>1950-20-00</DateNaissance><RangNaissance>2</RangNaissance></Candidats>")]
    [InlineData("crpcen", Fhir, """PLUSIEURS","contained":[{"resourceType":"Patient","id":"candidate-1","extension":[{"url":"urn:cdr:regime:birth-date","valueString":"1950-20-00"},{"url":"urn:cdr:regime:birth-rank","valueInteger":2}],"identifier":[{"system":"urn:oid:1.2.250.1.213.1.4.10","value":"2550814168025"}],"name":[{"use":"official","family":"A","given":["B"]}]}],"language":"fr""")]
    public async Task Several_people_are_a_list_to_pick_from(string regime, string type, string body)
    {
        var person = Assert.Single(Assert.IsType<RegimeAnswer.Candidates>(await AskAsync(regime, type, body)).People);

        Assert.Equal(
            ("2550814168025", "A", "B", "1950-20-00", 2),
            (person.Nir?.Value, person.FamilyName, person.GivenName, person.BirthDate.Iso, person.BirthRank?.Value));
    }

    [Theory]
    [InlineData("cnam", Json, """{"statut":"FERME"}""")]
    [InlineData("mgen", Json, """{"status":"CLOSED"}""")]
    [InlineData("cprpf", Xml, "fault:<Statut xmlns=\"urn:cdr:regime:1\">FERME</Statut>")]
    [InlineData("crpcen", Fhir, "outcome:FERME")]
    public async Task Closed_is_said_by_the_regime_itself(string regime, string type, string body) => Assert.Equal(
        new RegimeAnswer.Unavailable(UnavailableReason.Closed), await AskAsync(regime, type, body, HttpStatusCode.ServiceUnavailable));

    [Theory]
    [InlineData("cnam", Json, """{"statut":"ERREUR","erreur":{"code":"DATE_PASSEE","libelle":"Date\npassée"}}""")]
    [InlineData("mgen", Json, """{"status":"ERROR","error":{"code":"DATE_PASSEE","label":"Date passée"}}""")]
    [InlineData("cprpf", Xml, "fault:<Statut xmlns=\"urn:cdr:regime:1\">ERREUR</Statut><Erreur xmlns=\"urn:cdr:regime:1\"><Code>DATE_PASSEE</Code><Libelle>Date passée</Libelle></Erreur>")]
    [InlineData("crpcen", Fhir, """outcome:ERREUR"},{"code":"DATE_PASSEE""")]
    public async Task A_refusal_is_passed_on_as_it_is(string regime, string type, string body) => Assert.Equal(
        new RegimeAnswer.Unavailable(UnavailableReason.Refused, new RegimeRefusal("DATE_PASSEE", "Date passée")),
        await AskAsync(regime, type, body, HttpStatusCode.BadRequest));

    private static async Task<RegimeAnswer> AskAsync(string regime, string type, string body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var harness = new RegimeHarness();
        harness.Plan(Wrapped(type, body), type, status);
        return await harness.AskAsync(regime);
    }

    private static string Wrapped(string type, string body) => (type, body) switch
    {
        (Fhir, ['o', 'u', 't', 'c', 'o', 'm', 'e', ':', .. var status]) =>
            $$$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing","details":{"coding":[{"code":"{{{status}}}"}],"text":"Date passée"}}]}""",
        (Fhir, _) => Response.Replace("#STATUS", body, StringComparison.Ordinal).Replace("#MORE", "", StringComparison.Ordinal),
        (Xml, ['f', 'a', 'u', 'l', 't', ':', .. var detail]) => Envelope(
            $"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>-</faultstring><detail>{detail}</detail></soap:Fault>"),
        (Xml, ['<', 'S', 't', 'a', ..]) => Envelope($"<ConsulterDroitsReponse xmlns=\"urn:cdr:regime:1\">{body}</ConsulterDroitsReponse>"),
        _ => body,
    };

    private static string Envelope(string content) =>
        $"<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{content}</soap:Body></soap:Envelope>";
}
