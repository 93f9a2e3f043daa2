using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Features.AskRights;

/// <summary>What cannot be asked is refused by the name of its field, before any regime hears of it, and never repeated.</summary>
public sealed class BadQuestionTests(BadQuestionTests.Embedded embedded) : IClassFixture<BadQuestionTests.Embedded>
{
    private const string Nir = "284057511290154";

    private RightsHost Host => embedded.World.Host;

    public static TheoryData<string, string, string, string> Bad => new()
    {
        // Field named, code, what is sent, the value that may not come back.
        { "nir", "nir-length", """{"nir":"28405751129015","reason":"emergency"}""", "28405751129015" },
        { "nir", "nir-character", """{"nir":"28405751129O1","reason":"emergency"}""", "28405751129O1" },
        { "nir", "nir-key-wrong", """{"nir":"284057511290155","reason":"emergency"}""", "284057511290155" },
        { "nir", "nir-fictitious", """{"nir":"1555555112901","reason":"emergency"}""", "1555555112901" },
        { "nir", "person-missing", """{"reason":"emergency"}""", "emergency" },
        { "nir", "person-missing", """{"birthDate":"1984-05-12","reason":"emergency"}""", "1984-05-12" },
        { "nir", "person-ambiguous", """{"nir":"2840575112901","names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"1984-05-12","reason":"emergency"}""", "Lavandier" },
        { "nir", "person-ambiguous", """{"nir":"2840575112901","candidate":"QUJD","reason":"emergency"}""", "QUJD" },
        { "candidate", "candidate-expired", """{"candidate":"QUJD","reason":"emergency"}""", "QUJD" },
        { "candidate", "candidate-expired", """{"candidate":"été ! 2840575112901","reason":"emergency"}""", "2840575112901" },
        { "candidate", "candidate-expired", """{"candidate":"","reason":"emergency"}""", "emergency" },
        { "names.familyName", "family-name-missing", """{"names":{"familyName":"  ","givenName":"Camille"},"birthDate":"1984-05-12","reason":"emergency"}""", "Camille" },
        { "names.familyName", "family-name-missing", """{"names":{"givenName":"Camille"},"birthDate":"1984-05-12","reason":"emergency"}""", "Camille" },
        { "names.familyName", "family-name-unreadable", """{"names":{"familyName":"Lavandier\u0001","givenName":"Camille"},"birthDate":"1984-05-12","reason":"emergency"}""", "Lavandier" },
        { "names.givenName", "given-name-missing", """{"names":{"familyName":"Lavandier"},"birthDate":"1984-05-12","reason":"emergency"}""", "Lavandier" },
        { "names.givenName", "given-name-unreadable", """{"names":{"familyName":"Lavandier","givenName":"<Camille>"},"birthDate":"1984-05-12","reason":"emergency"}""", "Lavandier" },
        { "birthDate", "", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"reason":"emergency"}""", "Lavandier" },
        { "birthDate", "", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"12 mai","reason":"emergency"}""", "12 mai" },
        { "birthDate", "birth-date-not-expected", """{"nir":"2840575112901","birthDate":"1984-05-12","reason":"emergency"}""", "1984-05-12" },
        { "beneficiaryBirthDate", "", """{"nir":"2840575112901","beneficiaryBirthDate":"hier","reason":"emergency"}""", "hier" },
        { "beneficiaryBirthDate", "beneficiary-not-expected", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"1984-05-12","birthRank":2,"reason":"emergency"}""", "Lavandier" },
        { "birthDate", "birth-date-future", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"12/05/2084","reason":"emergency"}""", "2084" },
        { "birthDate", "birth-date-future", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"2084-20-00","reason":"emergency"}""", "2084" },
        { "beneficiaryBirthDate", "birth-date-future", """{"nir":"2840575112901","beneficiaryBirthDate":"2084-05-12","reason":"emergency"}""", "2084" },
        { "careDate", "care-date-before-birth", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"2024-05-12","careDate":"2024-05-11","reason":"emergency"}""", "2024" },
        { "careDate", "care-date-before-birth", """{"nir":"2840575112901","beneficiaryBirthDate":"2024-20-00","careDate":"2023-12-31","reason":"emergency"}""", "2024" },
        { "birthRank", "", """{"nir":"2840575112901","birthRank":12,"reason":"emergency"}""", "2840575112901" },
        { "careDate", "care-date-impossible", """{"nir":"2840575112901","careDate":"2026-02-30","reason":"emergency"}""", "2026-02-30" },
        { "careDate", "care-date-impossible", """{"nir":"2840575112901","careDate":"demain","reason":"emergency"}""", "demain" },
        { "careDate", "care-date-too-far", """{"nir":"2840575112901","careDate":"2999-01-01","reason":"emergency"}""", "2999-01-01" },
        { "careDate", "care-date-too-old", """{"nir":"2840575112901","careDate":"1970-01-01","reason":"emergency"}""", "1970-01-01" },
        { "careDate", "regime-no-past-dates", """{"nir":"2840575112901","careDate":"2020-01-01","regime":"senat","reason":"emergency"}""", "2840575112901" },
        { "careKind", "care-kind-unknown", """{"nir":"2840575112901","careKind":"Lavandier","reason":"emergency"}""", "Lavandier" },
        { "insuranceNature", "insurance-nature-unknown", """{"nir":"2840575112901","insuranceNature":"77","reason":"emergency"}""", "77" },
        { "prescriptionDate", "prescription-date-missing", """{"nir":"2840575112901","careKind":"series","reason":"emergency"}""", "2840575112901" },
        { "prescriptionDate", "prescription-date-not-expected", """{"nir":"2840575112901","prescriptionDate":"2026-01-02","reason":"emergency"}""", "2026-01-02" },
        { "prescriptionDate", "prescription-date-not-expected", """{"nir":"2840575112901","careKind":"stay","prescriptionDate":"2026-01-02","reason":"emergency"}""", "2026-01-02" },
        { "prescriptionDate", "prescription-date-impossible", """{"nir":"2840575112901","careKind":"series","prescriptionDate":"hier","reason":"emergency"}""", "hier" },
        { "prescriptionDate", "prescription-date-after-care", """{"nir":"2840575112901","careKind":"series","careDate":"2026-01-02","prescriptionDate":"2026-01-03","reason":"emergency"}""", "2026-01-03" },
        { "prescriptionDate", "prescription-date-too-old", """{"nir":"2840575112901","careKind":"series","prescriptionDate":"1989-12-31","reason":"emergency"}""", "1989-12-31" },
        { "prescriptionDate", "regime-no-past-dates", """{"nir":"2840575112901","careKind":"series","prescriptionDate":"2020-01-01","regime":"senat","reason":"emergency"}""", "2020-01-01" },
        { "regime", "regime-unknown", """{"nir":"2840575112901","regime":"2840575112901","reason":"emergency"}""", "2840575112901" },
        { "regime", "regime-unknown", """{"nir":"2840575112901","regime":"securite-sociale","reason":"emergency"}""", "securite" },
        { "regime", "regime-no-search-by-name", """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"1984-05-12","regime":"mgp","reason":"emergency"}""", "Lavandier" },
        { "exhaustive", "exhaustive-beside-regime", """{"nir":"2840575112901","regime":"cnam","exhaustive":true,"reason":"emergency"}""", "2840575112901" },
        { "reason", "", """{"nir":"2840575112901"}""", "2840575112901" },
        { "reason", "", """{"nir":"2840575112901","reason":"Lavandier"}""", "Lavandier" },
        { "id", "id-not-acceptable", """{"id":"4fd0b5fd-0000-4000-8000-000000000000","nir":"2840575112901","reason":"emergency"}""", "4fd0b5fd" },
        { "id", "id-not-acceptable", """{"id":"018f0000-0000-7000-8000-000000000000","nir":"2840575112901","reason":"emergency"}""", "018f0000" },
        { "id", "id-not-acceptable", """{"id":"ffffffff-ffff-7000-8000-000000000000","nir":"2840575112901","reason":"emergency"}""", "ffffffff" },
        { "id", "member-unreadable", """{"id":"Lavandier","nir":"2840575112901","reason":"emergency"}""", "Lavandier" },
        { "nir", "member-unreadable", """{"nir":2840575112901,"reason":"emergency"}""", "2840575112901" },
        { "nir", "member-unreadable", """{"nir":"\ud800","reason":"emergency"}""", "ud800" },
        { "birthRank", "member-unreadable", """{"nir":"2840575112901","birthRank":"1","reason":"emergency"}""", "2840575112901" },
        { "refresh", "member-unreadable", """{"nir":"2840575112901","refresh":"oui","reason":"emergency"}""", "oui" },
        { "names", "member-unreadable", """{"names":"Lavandier","reason":"emergency"}""", "Lavandier" },
        { "names.familyName", "member-unreadable", """{"names":{"familyName":1984,"givenName":"Camille"},"reason":"emergency"}""", "1984" },
        { "", "request-unreadable", """{"nir":"2840575112901","reason":"emergency","Lavandier":"Camille"}""", "Lavandier" },
        { "nir", "member-unreadable", """{"nir":"2840575112901","nir":"1791135238901","reason":"emergency"}""", "1791135238901" },
        { "", "request-unreadable", """["2840575112901"]""", "2840575112901" },
        { "", "request-unreadable", """{"nir":"2840575112901",""", "2840575112901" },
        { "", "request-unreadable", "null", "null" },
        { "", "request-unreadable", "", "emergency" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Bad_input_is_refused_by_its_field_and_never_repeated(string field, string code, string body, string value)
    {
        var problem = await Host.AskAsync(body).ProblemAsync();

        Assert.Equal(400, problem.Status);
        Assert.Equal(field, problem.Field ?? "");
        Assert.Equal(code.Length == 0 ? problem.Code : code, problem.Code);
        var words = JsonNode.Parse(problem.Text)!.AsObject();
        words.Remove("traceId");
        if (value is not ("emergency" or "null"))
            Assert.DoesNotContain(value, words.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.OrdinalIgnoreCase);
        Assert.NotNull((string?)words["title"]);
    }

    [Theory]
    [InlineData("12/05/2084", 6)]
    [InlineData(" 2084-05-12", 1)]
    [InlineData("20840512", 0)]
    [InlineData("12052084", 4)]
    public async Task A_birth_date_to_come_is_refused_where_its_year_is(string birthDate, int position)
    {
        var problem = await Host.AskAsync(new { names = new { familyName = "Lavandier", givenName = "Camille" }, birthDate, reason = "emergency" }).ProblemAsync();

        Assert.Equal(("birth-date-future", position), (problem.Code, (int?)JsonNode.Parse(problem.Text)!["position"]));
    }

    [Theory]
    [InlineData("1991-20-00", "1991-01-01")]
    [InlineData("1991-02-31", "1991-01-01")]
    [InlineData("1991-01-01", "1991-01-01")]
    public async Task Care_on_the_day_of_birth_and_in_the_year_of_a_lunar_one_is_asked(string birthDate, string careDate) =>
        await (await Host.AskAsync(new { nir = Nir, beneficiaryBirthDate = birthDate, careDate, reason = "emergency" })).BytesAsync();

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused_as_too_large()
    {
        using var request = Host.Question($$"""{"nir":"{{Nir}}","reason":"emergency","careDate":"{{new string('9', 10_000_000)}}"}""");
        // Otherwise the client may still be writing when the refusal closes the connection.
        request.Headers.ExpectContinue = true;

        var problem = await Host.SendAsync(request).ProblemAsync();

        Assert.Equal((413, "request-too-large"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data")]
    public async Task Another_content_type_is_refused(string type)
    {
        using var request = Host.Question(new { nir = Nir, reason = "emergency" });
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}")) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

        Assert.Equal((415, "content-type-unsupported"), await Host.SendAsync(request).ProblemAsync() is var p ? (p.Status, p.Code) : default);
    }

    [Fact]
    public async Task A_caller_without_an_establishment_may_not_ask()
    {
        var problem = await Host.AskAsync(new { nir = Nir, reason = "emergency" }, new TestCaller { Finess = null }).ProblemAsync();

        Assert.Equal((403, "no-establishment"), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task A_picked_candidate_is_good_for_its_establishment_and_its_regime_only()
    {
        var twins = embedded.World.Regimes.People.Case("twins");
        var list = await Host.AskAsync(new { nir = twins.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var reference = list.Candidates[0].Reference;

        var elsewhere = await Host.AskAsync(new { candidate = reference, reason = "emergency" }, new TestCaller { Finess = "130786049" }).ProblemAsync();
        var other = await Host.AskAsync(new { candidate = reference, reason = "emergency", regime = "msa" }).ProblemAsync();
        var both = await Host.AskAsync(new { candidate = reference, reason = "emergency", birthDate = "1984-05-12" }).ProblemAsync();

        Assert.Equal((400, "candidate-expired"), (elsewhere.Status, elsewhere.Code));
        Assert.Equal((400, "regime"), (other.Status, other.Field));
        Assert.Equal((400, "birthDate"), (both.Status, both.Field));
    }

    [Fact]
    public async Task No_regime_is_asked_what_cannot_be_asked()
    {
        await using var world = await RightsWorld.StartAsync();
        foreach (var body in Bad.Select(row => row.Data.Item3))
        {
            using var response = await world.Host.AskAsync(body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        Assert.Equal(0, world.Regimes.AllCalls);
    }

    /// <summary>One host for all: nothing here leaves a trace.</summary>
    public sealed class Embedded : IAsyncLifetime
    {
        internal RightsWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await RightsWorld.StartAsync();

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
