using System.Text;
using System.Text.Json.Nodes;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>Answers that say two things at once, or say it of somebody else: none of it is believed.</summary>
public sealed class ContradictionTests
{
    private const string Json = "application/json; charset=utf-8";

    [Theory]
    [InlineData("\"disposition\": \"INCONNU\"", "\"disposition\": \"TROUVE\", \"disposition\": \"INCONNU\"")]
    [InlineData("\"status\": \"active\"", "\"status\": \"entered-in-error\"")]
    [InlineData("\"status\": \"active\"", "\"status\": \"active\", \"error\": [{\"code\": {\"text\": \"base injoignable\"}}]")]
    [InlineData("\"status\": \"active\"", "\"status\": \"active\", \"contained\": [{\"resourceType\": \"Patient\", \"id\": \"beneficiary\"}]")]
    [InlineData("\"status\": \"active\"", "\"status\": \"active\", \"implicitRules\": \"urn:autre\"")]
    public async Task Unknown_in_fhir_is_said_alone(string good, string bad) =>
        Assert.Equal(EveryDialectTests.Unreadable, await ChangedAsync("crpcen", "unknown", good, bad));

    [Theory]
    [InlineData("\"outcome\": \"complete\"", "\"outcome\": \"complete\", \"error\": [{\"code\": {\"text\": \"partiel\"}}]")]
    [InlineData("\"item\": [", "\"inforce\": false, \"item\": [")]
    [InlineData("\"name\": \"Dr Zoé Älvarez\"", "\"name\": \"Dr Zoé Älvarez\", \"excluded\": true")]
    [InlineData("\"beneficiary\": {", "\"order\": 2, \"beneficiary\": {")]
    [InlineData("  \"patient\": {\n    \"reference\": \"#beneficiary\"", "  \"patient\": {\n    \"reference\": \"#insured\"")]
    [InlineData("\"id\": \"coverage-1\",", "\"id\": \"coverage-1\", \"modifierExtension\": [{\"url\": \"urn:a\", \"valueBoolean\": true}],")]
    [InlineData("\"id\": \"insured\",", "\"id\": \"insured\", \"active\": false,")]
    public async Task A_file_in_fhir_holds_nothing_that_the_protocol_does_not_name(string good, string bad) =>
        Assert.Equal(EveryDialectTests.Unreadable, await ChangedAsync("crpcen", "found", good, bad));

    [Fact]
    public async Task Null_takes_nothing_away_from_a_file_in_fhir()
    {
        using var harness = new RegimeHarness(patient: true);
        var file = JsonNode.Parse(Recorded.Body("crpcen", "found"))!;
        // Of two base periods one without dates is refused by itself; of one, it would say that there is none.
        var contained = file["contained"]!.AsArray();
        contained.Remove(contained.Single(one => one!["id"]!.GetValue<string>() == "coverage-2"));
        harness.Plan(file.ToJsonString(), Recorded.ContentType("crpcen"));
        Assert.IsType<RegimeAnswer.Found>(await harness.AskAsync("crpcen"));

        List<string> believed = [];
        foreach (var (holder, name) in Members(file).ToList())
        {
            var (value, path) = (holder[name], holder[name]!.GetPath());
            holder[name] = null;
            harness.Plan(file.ToJsonString(), Recorded.ContentType("crpcen"));
            if (await harness.AskAsync("crpcen") != EveryDialectTests.Unreadable)
                believed.Add(path);
            holder[name] = value;
        }

        Assert.Empty(believed);

        // What nobody reads, nobody misses.
        static IEnumerable<(JsonObject Holder, string Name)> Members(JsonNode? node) => node switch
        {
            JsonObject holder => holder.Where(one => one.Key is not ("meta" or "text" or "request" or "requestor" or "insurer"))
                .SelectMany(one => Members(one.Value).Prepend((holder, one.Key))),
            JsonArray list => list.SelectMany(Members),
            _ => [],
        };
    }

    [Theory]
    [InlineData("cnam", """{"statut":["INCONNU"]}""")]
    [InlineData("cnam", """{"statut":"INCONNU","candidats":[]}""")]
    [InlineData("camieg", """{"dossiers":[],"candidats":[]}""")]
    [InlineData("camieg", """{"dossiers":[],"statut":[]}""")]
    public async Task Unknown_in_json_is_said_alone_and_as_it_is_written(string regime, string body)
    {
        using var harness = new RegimeHarness();
        harness.Plan(body, Json);

        Assert.Equal(EveryDialectTests.Unreadable, await harness.AskAsync(regime));
    }

    // Closed rights would become rights without end.
    [Theory]
    [InlineData("camieg", "\"fin\": \"31/12/2024\"")]
    [InlineData("msa", "\"fin\": \"31/12/2024\"")]
    [InlineData("ccas-ratp", "<r:FIN>31122024</r:FIN>")]
    public async Task An_end_that_is_left_out_is_not_no_end_where_the_dialect_says_no_end_in_words(string regime, string end)
    {
        var body = Text(regime, "found");
        var at = body.IndexOf(end, StringComparison.Ordinal);
        var from = end[0] == '"' ? body.LastIndexOf(',', at) : at;

        Assert.Equal(EveryDialectTests.Unreadable, await AskAsync(regime, body.Remove(from, at + end.Length - from)));
    }

    [Theory]
    [InlineData("cnam", "\"debut\": \"2025-06-01\"", "\"debut\": \"2020-01-01\"")]
    [InlineData("crpcen", "\"start\": \"2025-06-01\"", "\"start\": \"2020-01-01\"")]
    [InlineData("cprpf", "<r:Debut>2025-06-01</r:Debut>", "<r:Debut>2020-01-01</r:Debut>")]
    public async Task Two_base_periods_from_one_day_to_two_ends_contradict_each_other(string regime, string good, string bad) =>
        Assert.Equal(EveryDialectTests.Unreadable, await ChangedAsync(regime, "found", good, bad));

    [Theory]
    [InlineData("cnam", "\"code\": \"13\", \"debut\": \"2019-03-01\"", "\"code\": \"6\", \"debut\": \"2026-01-01\"")]
    public async Task One_right_from_one_day_to_two_ends_contradicts_itself(string regime, string good, string bad)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(Text(regime, "found"))!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var (from, to) = (good.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal), bad.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal));
        Assert.Contains(from, body, StringComparison.Ordinal);

        Assert.Equal(EveryDialectTests.Unreadable, await AskAsync(regime, body.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_row_that_is_there_twice_is_one_row()
    {
        var body = Text("cprpf", "found");
        var start = body.IndexOf("<r:DroitsBase>", StringComparison.Ordinal);
        var row = body[start..(body.IndexOf("</r:DroitsBase>", StringComparison.Ordinal) + "</r:DroitsBase>".Length)];

        var found = Assert.IsType<RegimeAnswer.Found>(await AskAsync("cprpf", body.Insert(start, row)));

        Assert.Equal(EveryDialectTests.Json(new RegimeAnswer.Found(Recorded.Rights("cprpf"))), EveryDialectTests.Json(found));
    }

    [Theory]
    [InlineData("cnam", "Renée", "Ren\\u0000e")]
    [InlineData("cnam", "Renée", "Ren\\uFFFDe")]
    [InlineData("crpcen", "Renée", "Ren\\uFFFDe")]
    [InlineData("cprpf", "Renée", "Ren\uFFFDe")]
    public async Task A_name_that_was_damaged_before_it_came_is_not_shown(string regime, string good, string bad) =>
        Assert.Equal(EveryDialectTests.Unreadable, await ChangedAsync(regime, "found", good, bad));

    [Theory]
    [InlineData("""{"statut":"PLUSIEURS","candidats":[{"nir":"2790351215189","nom":"A","prenom":"B","dateNaissance":"1950-12-01"}]}""")]
    [InlineData("""{"statut":"PLUSIEURS","candidats":[{"nir":"2550814168025","nom":"A","prenom":"B","dateNaissance":"1950-12-01"},{"nir":"2790351215189","nom":"A","prenom":"B","dateNaissance":"1950-12-01"}]}""")]
    public async Task A_list_for_a_number_holds_nobody_of_another_number(string body) =>
        Assert.Equal(EveryDialectTests.Unreadable, await AskAsync("cnam", body));

    [Fact]
    public async Task A_list_for_a_birth_date_or_a_name_holds_nobody_of_another()
    {
        using var harness = new RegimeHarness();
        harness.Plan("""{"statut":"PLUSIEURS","candidats":[{"nir":"2550814168025","nom":"Lœuillet","prenom":"Noé","dateNaissance":"1950-20-00"},{"nir":"2790351215189","nom":"Autre","prenom":"Noé","dateNaissance":"1950-20-00"}]}""", Json);
        var born = RegimeHarness.ByNir with { Subject = new RegimeSubject.ByNir(Nir.Parse("2550814168025").Value, BirthDate.Parse("1951-01-01").Value) };

        Assert.Equal(EveryDialectTests.Unreadable, await harness.AskAsync("cnam", RegimeHarness.ByName));
        Assert.Equal(EveryDialectTests.Unreadable, await harness.AskAsync("cnam", born));
    }

    [Fact]
    public async Task A_ligature_does_not_make_another_person()
    {
        using var harness = new RegimeHarness();
        harness.Plan(Recorded.Body("cnam", "found"), Json);
        var written = RegimeHarness.ByName with { Subject = new RegimeSubject.ByName("LOEUILLET", "NOE", BirthDate.Parse("1950-20-00").Value) };

        Assert.IsType<RegimeAnswer.Found>(await harness.AskAsync("cnam", written));
    }

    [Theory]
    [InlineData("cnam", "application/json; charset=\"UTF-8\"")]
    [InlineData("cnam", "Application/JSON")]
    [InlineData("crpcen", "application/fhir+json;charset=UTF-8")]
    public async Task A_content_type_is_the_same_in_any_case(string regime, string type)
    {
        using var harness = new RegimeHarness();
        harness.Plan(Recorded.Body(regime, "found"), type);

        Assert.IsType<RegimeAnswer.Found>(await harness.AskAsync(regime));
    }

    [Fact]
    public async Task An_encoding_that_the_document_denies_is_not_believed()
    {
        using var harness = new RegimeHarness(EveryDialectTests.AlwaysOpen);
        harness.Plan(Encoding.UTF8.GetBytes(Text("canssm", "found")), "text/xml");

        Assert.Equal(EveryDialectTests.Unreadable, await harness.AskAsync("canssm"));
    }

    private static string Text(string regime, string what) => (RegimeHarness.Shipped.Find(RegimeId.Parse(regime).Value)!.Dialect.Encoding == WireEncoding.Latin9
        ? CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!
        : Encoding.UTF8).GetString(Recorded.Body(regime, what));

    private static Task<RegimeAnswer> ChangedAsync(string regime, string what, string good, string bad)
    {
        var body = Text(regime, what);
        var at = body.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0, "Nothing to change.");
        return AskAsync(regime, body.Remove(at, good.Length).Insert(at, bad));
    }

    private static async Task<RegimeAnswer> AskAsync(string regime, string body)
    {
        using var harness = new RegimeHarness(EveryDialectTests.AlwaysOpen);
        var type = Recorded.ContentType(regime);
        harness.Plan(
            type.EndsWith("iso-8859-15", StringComparison.Ordinal) ? CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!.GetBytes(body) : Encoding.UTF8.GetBytes(body),
            type);
        return await harness.AskAsync(regime);
    }
}
