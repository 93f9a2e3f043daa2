using System.Net;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>What must never pass for an answer, least of all for "unknown here".</summary>
public sealed class UnreadableAnswerTests
{
    private const string Json = "application/json; charset=utf-8";
    private const string Xml = "text/xml; charset=utf-8";

    [Theory]
    [InlineData("cnam", "", 404, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", "", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", "{}", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", "<html>Not found</html>", 404, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", """{"statut":"PEUT_ETRE"}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", """{"statut":"UNKNOWN"}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", """{"statut":"INCONNU","statut":"INCONNU"}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", """{"statut":"INCONNU","dossier":{}}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", """{"statut":"INCONNU"} {}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", """{"statut":"INCONNU"}""", 500, nameof(UnavailableReason.Failing))]
    [InlineData("cnam", """{"statut":"PLUSIEURS","candidats":[]}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("camieg", """{"dossiers":null}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("camieg", """{"statut":"INCONNU"}""", 200, nameof(UnavailableReason.Unreadable))]
    [InlineData("camieg", """{"dossiers":[]}""", 404, nameof(UnavailableReason.Unreadable))]
    [InlineData("cnam", "<html>Bad gateway</html>", 502, nameof(UnavailableReason.Failing))]
    [InlineData("cnam", "", 503, nameof(UnavailableReason.Failing))]
    [InlineData("cnam", "", 429, nameof(UnavailableReason.Busy))]
    public async Task Nothing_else_is_an_answer(string regime, string body, int status, string reason) => Assert.Equal(
        new RegimeAnswer.Unavailable(Enum.Parse<UnavailableReason>(reason)), await AskAsync(regime, Json, body, (HttpStatusCode)status));

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x 'INCONNU'>]><a>&x;</a>", 200)]
    [InlineData("<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><detail><Statut xmlns='urn:cdr:regime:1'>INCONNU</Statut></detail></soap:Fault></soap:Body></soap:Envelope>", 500)]
    [InlineData("<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body><soap:Fault><faultcode>soap:Client</faultcode></soap:Fault></soap:Body></soap:Envelope>", 500)]
    [InlineData("<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><detail><Statut>INCONNU</Statut></detail></soap:Fault></soap:Body></soap:Envelope>", 500)]
    public async Task A_fault_is_unknown_only_in_the_one_shape_there_is(string body, int status) =>
        Assert.IsType<RegimeAnswer.Unavailable>(await AskAsync("cnmss", Xml, body, (HttpStatusCode)status));

    [Theory]
    [InlineData("cnam", "text/html")]
    [InlineData("cnam", "application/json; charset=iso-8859-1")]
    [InlineData("ccas-ratp", "text/xml; charset=utf-8")]
    public async Task Another_kind_of_content_is_not_read(string regime, string type)
    {
        using var harness = new RegimeHarness();
        harness.Plan(Recorded.Body(regime, "found"), type);

        Assert.Equal(EveryDialectTests.Unreadable, await harness.AskAsync(regime));
    }

    [Theory]
    [InlineData("\"exonerations\"", "\"exonerationsNouvelles\"")]
    [InlineData("\"code\": \"13\"", "\"code\": \"12\"")]
    [InlineData("\"debut\": \"2020-01-01\"", "\"debut\": \"2020-02-30\"")]
    [InlineData("\"fin\": \"2024-12-31\"", "\"fim\": \"2024-12-31\"")]
    [InlineData("\"fin\": \"2024-12-31\"", "\"fin\": \"2019-12-31\"")]
    [InlineData("\"caisse\": \"751\",", "")]
    [InlineData("\"numero\": \"123456782\"", "\"numero\": \"123456789\"")]
    [InlineData("\"participation\": true", "\"participation\": \"oui\"")]
    public async Task One_right_that_is_not_understood_makes_the_whole_answer_unreadable(string good, string bad)
    {
        var body = System.Text.Encoding.UTF8.GetString(Recorded.Body("cnam", "found"));
        Assert.Contains(good, body, StringComparison.Ordinal);

        Assert.Equal(EveryDialectTests.Unreadable, await AskAsync("cnam", Json, body.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_beyond_one_megabyte_is_not_read() => Assert.Equal(
        EveryDialectTests.Unreadable, await AskAsync("cnam", Json, new string(' ', 1024 * 1024) + """{"statut":"INCONNU"}"""));

    private static async Task<RegimeAnswer> AskAsync(string regime, string type, string body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var harness = new RegimeHarness();
        harness.Plan(body, type, status);
        return await harness.AskAsync(regime);
    }
}
