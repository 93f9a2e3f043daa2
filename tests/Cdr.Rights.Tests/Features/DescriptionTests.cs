using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Features;

/// <summary>The examples of the OpenAPI description are what really happens.</summary>
public sealed class DescriptionTests
{
    private static readonly string[] ForSoftware = ["AskRights", "ReadConsultation", "ListConsultations", "UseConsultation", "ListRegimes", "MakeStatement", "ReadStatement", "VerifyStatement"];

    // Of version 4.
    private static readonly Guid NotOurs = new("9b2f6c1e-5d3a-4e8f-a1b2-c3d4e5f60718");

    // What differs from one time to the next.
    private static readonly Dictionary<string, JsonNode> Fixed = new(StringComparer.Ordinal)
    {
        ["id"] = "01a21225-d900-7c3d-9a41-6d5f1b2c3d4e", ["answeredAt"] = "2026-11-25T10:00:00Z", ["obtainedAt"] = "2026-11-25T10:00:00Z", ["reliableUntil"] = "2026-11-25T22:00:00Z",
        ["ageSeconds"] = 0, ["milliseconds"] = 42, ["reference"] = "eyJzY2VsbMOpIn0", ["since"] = "2026-11-25T06:00:00Z",
    };

    [Fact]
    public async Task Every_operation_of_software_has_a_summary_examples_and_the_types_of_its_problems()
    {
        await using var world = await RightsWorld.StartAsync();
        foreach (var (id, operation) in Operations(await DescriptionAsync(world)).Where(one => ForSoftware.Contains(one.Id)))
        {
            Assert.NotEmpty(operation["summary"]!.GetValue<string>());
            if (operation["requestBody"] is { } request)
                Assert.NotEmpty(request["content"]!["application/json"]!["examples"]!.AsObject());
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                foreach (var (type, body) in response!["content"] as JsonObject ?? [])
                {
                    if (type.EndsWith("json", StringComparison.Ordinal))
                        Assert.True(body!["examples"] is JsonObject { Count: > 0 } || body["example"] is not null, $"{id} {status} {type} has no example.");
                    if (type == "application/problem+json")
                        Assert.All(body!["examples"]!.AsObject(), example => Assert.Contains($"`{example.Value!["value"]!["type"]}`", response["description"]!.GetValue<string>(), StringComparison.Ordinal));
                }
            }
        }
    }

    [Fact]
    public async Task Each_operation_says_whether_it_is_to_be_called_with_a_token()
    {
        await using var world = await RightsWorld.StartAsync();
        var open = 0;
        foreach (var (path, methods) in (await DescriptionAsync(world))["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", NotOurs.ToString(), StringComparison.Ordinal));
                if (operation!["requestBody"] is not null)
                    request.Content = Json("{}");
                using var response = await world.Host.SendAsync(request);
                var refused = response.StatusCode == HttpStatusCode.Unauthorized;
                var statuses = operation["responses"]!.AsObject().Select(one => one.Key).ToList();

                // None of its own: that of the whole description, a token.
                Assert.Equal((path, refused), (path, operation["security"] is null));
                Assert.Equal((path, refused), (path, statuses.Contains("401") && statuses.Contains("403")));
                if (!refused)
                {
                    open++;
                    Assert.Empty(operation["security"]!.AsArray());
                    Assert.DoesNotContain("session-unknown", operation.ToJsonString(), StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(1, open);
    }

    [Theory]
    [InlineData("GET", "/verify/7K2QM", "text/html", "VerifyStatement")]
    [InlineData("GET", "/verify/7K2QM", "application/json", "VerifyStatement")]
    [InlineData("POST", "/api/persons/accesses", "text/csv", "TracePerson")]
    [InlineData("POST", "/api/persons/accesses", "application/json", "TracePerson")]
    public async Task What_somebody_may_accept_is_described(string method, string path, string type, string id)
    {
        await using var world = await RightsWorld.StartAsync();
        using var request = world.Host.Request(new HttpMethod(method), path, new TestCaller { Role = "data-protection" });
        request.Headers.Accept.ParseAdd(type);
        if (method == "POST")
            request.Content = Json("""{"nir":"284057511290154","purpose":"access-request"}""");
        using var response = await world.Host.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var described = Operations(await DescriptionAsync(world)).Single(one => one.Id == id).Operation["responses"]!["200"]!["content"]!.AsObject();
        Assert.Equal(type == "application/json" ? null : "string", described[type]?["schema"]?["type"]?.GetValue<string>());
        Assert.NotNull(described[type]);
    }

    [Fact]
    public async Task The_key_of_a_repetition_is_described()
    {
        await using var world = await RightsWorld.StartAsync();
        var ask = Operations(await DescriptionAsync(world)).Single(one => one.Id == "AskRights").Operation;
        Assert.Equal(("Idempotency-Key", "header", "string"), Assert.Single(ask["parameters"] as JsonArray ?? []) is { } key ? ((string?)key["name"], (string?)key["in"], (string?)key["schema"]!["type"]) : default);
    }

    [Fact]
    public async Task What_the_examples_ask_is_answered_as_they_show()
    {
        await using var world = await RightsWorld.StartAsync();
        var ask = Operations(await DescriptionAsync(world)).Single(one => one.Id == "AskRights").Operation;
        var answers = ask["responses"]!["200"]!["content"]!["application/json"]!["examples"] as JsonObject ?? [];
        var different = new List<string>();

        foreach (var (name, example) in ask["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject())
        {
            var question = example!["value"]!.DeepClone();
            if (question["id"] is not null)
                question["id"] = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            using var response = await world.Host.AskAsync(question.ToJsonString());
            different.AddRange(Different($"AskRights.200.{name}.json", answers[name]?["value"], JsonNode.Parse(await response.BytesAsync())!));
        }

        Assert.Empty(different);
    }

    [Fact]
    public async Task What_is_read_and_listed_is_as_the_examples_show()
    {
        await using var world = await RightsWorld.StartAsync();
        var operations = Operations(await DescriptionAsync(world)).ToDictionary(one => one.Id, one => one.Operation);
        JsonNode? Example(string id, string name) => operations[id]["responses"]!["200"]!["content"]!["application/json"]!["examples"]?[name]?["value"];
        var answer = await world.Host.AskAsync(operations["AskRights"]["requestBody"]!["content"]!["application/json"]!["examples"]!["by-number"]!["value"]!.ToJsonString()).AnswerAsync();

        using var read = await world.Host.GetAsync($"/api/consultations/{answer.Id}");
        List<string> different = [.. Different("ReadConsultation.200.by-number.json", Example("ReadConsultation", "by-number"), JsonNode.Parse(await read.BytesAsync())!)];
        using var list = await world.Host.GetAsync("/api/consultations?last=1");
        different.AddRange(Different("ListConsultations.200.one.json", Example("ListConsultations", "one"), JsonNode.Parse(await list.BytesAsync())!));
        using var regimes = await world.Host.GetAsync("/api/regimes");
        different.AddRange(Different("ListRegimes.200.first.json", Example("ListRegimes", "first"), new JsonArray(JsonNode.Parse(await regimes.BytesAsync())![0]!.DeepClone())));
        Assert.Empty(different);
        using var use = world.Host.Request(HttpMethod.Post, $"/api/consultations/{answer.Id}/uses");
        use.Content = Json(operations["UseConsultation"]["requestBody"]!["content"]!["application/json"]!["examples"]!["invoice"]!["value"]!.ToJsonString());
        using var used = await world.Host.SendAsync(use);
        Assert.Equal(HttpStatusCode.NoContent, used.StatusCode);
    }

    [Fact]
    public async Task Refusals_are_worded_as_the_examples_show()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Statements:VerificationsPerMinute"] = "1" } });
        var operations = Operations(await DescriptionAsync(world)).ToDictionary(one => one.Id, one => one.Operation);
        const string nir = "284057511290154";
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        using var first = await world.Host.AskAsync(new { id, nir, reason = "emergency", regime = "cnam" });
        await first.BytesAsync();
        var list = await world.Host.AskAsync(new { names = new { familyName = "Giroflée", givenName = "Marie" }, birthDate = "1966-04-25", reason = "emergency" }).AnswerAsync();
        var nobody = await world.Host.AskAsync(new { nir = "2790351215189", reason = "emergency", regime = "cnam" }).AnswerAsync();
        using var verified = await world.Host.Client.GetAsync("/verify/7777", TestContext.Current.CancellationToken);
        // Its key gone, and changed since: neither opens any more.
        var shut = new { id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), nir, reason = "emergency", regime = "cnam" };
        var changed = shut with { id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) };
        foreach (var one in new[] { shut, changed })
        {
            await world.Host.AskAsync(one).AnswerAsync();
            using var made = await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, $"/api/consultations/{one.id}/statements"));
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        await using (var db = world.Host.Journal())
        {
            await db.SealElsewhereAsync(shut.id);
            await db.Records.Where(r => r.Id == changed.id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Payload, new byte[200]), TestContext.Current.CancellationToken);
        }

        var asked = new Dictionary<string, HttpRequestMessage>
        {
            ["AskRights answer-not-opened"] = world.Host.Question(shut),
            ["ReadConsultation answer-not-opened"] = world.Host.Request(HttpMethod.Get, $"/api/consultations/{shut.id}"),
            ["MakeStatement answer-not-opened"] = world.Host.Request(HttpMethod.Post, $"/api/consultations/{shut.id}/statements"),
            ["ReadStatement answer-not-opened"] = world.Host.Request(HttpMethod.Get, $"/api/consultations/{shut.id}/statements"),
            ["AskRights journal-damaged"] = world.Host.Question(changed),
            ["ReadConsultation journal-damaged"] = world.Host.Request(HttpMethod.Get, $"/api/consultations/{changed.id}"),
            ["MakeStatement journal-damaged"] = world.Host.Request(HttpMethod.Post, $"/api/consultations/{changed.id}/statements"),
            ["ReadStatement journal-damaged"] = world.Host.Request(HttpMethod.Get, $"/api/consultations/{changed.id}/statements"),
            ["AskRights request-unreadable"] = world.Host.Question("[]"),
            ["AskRights member-unreadable"] = world.Host.Question("""{"refresh":"oui"}"""),
            ["AskRights id-not-acceptable"] = world.Host.Question(new { id = NotOurs, nir, reason = "emergency" }),
            ["AskRights idempotency-key-not-acceptable"] = Keyed(world.Host.Question(new { nir, reason = "emergency" }), "x"),
            ["AskRights idempotency-key-of-another"] = Keyed(world.Host.Question(new { id, nir, reason = "emergency" }), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString()),
            ["AskRights person-missing"] = world.Host.Question(new { reason = "emergency" }),
            ["AskRights person-ambiguous"] = world.Host.Question(new { nir, candidate = "x", names = new { familyName = "A", givenName = "B" }, reason = "emergency" }),
            ["AskRights family-name-missing"] = world.Host.Question(new { names = new { givenName = "Marie" }, birthDate = "25/04/1966", reason = "emergency" }),
            ["AskRights candidate-expired"] = world.Host.Question(new { candidate = "x", reason = "emergency" }),
            ["AskRights care-date-impossible"] = world.Host.Question(new { nir, careDate = "31/02/2026", reason = "emergency" }),
            ["AskRights care-date-too-far"] = world.Host.Question(new { nir, careDate = "01/01/2099", reason = "emergency" }),
            ["AskRights care-date-before-birth"] = world.Host.Question(new { nir, beneficiaryBirthDate = "12/05/2024", careDate = "11/05/2024", reason = "emergency" }),
            ["AskRights birth-date-future"] = world.Host.Question(new { nir, beneficiaryBirthDate = "12/05/2084", reason = "emergency" }),
            ["AskRights nir-key-wrong"] = world.Host.Question(new { nir = "284057511290155", reason = "emergency" }),
            ["AskRights regime-unknown"] = world.Host.Question(new { nir, regime = "x", reason = "emergency" }),
            ["AskRights id-of-another-question"] = world.Host.Question(new { id, nir, reason = "emergency", regime = "msa" }),
            ["AskRights request-too-large"] = world.Host.Question(new string(' ', 70_000)),
            ["AskRights content-type-unsupported"] = Text(world.Host.Question("nir")),
            ["AskRights not-allowed"] = world.Host.Question(new { nir, reason = "emergency" }, new TestCaller { Role = "hotline" }),
            ["AskRights not-signed-in"] = Anonymous(world.Host.Question("{}")),
            ["ReadConsultation consultation-not-found"] = world.Host.Request(HttpMethod.Get, $"/api/consultations/{NotOurs}"),
            ["ListConsultations last-out-of-range"] = world.Host.Request(HttpMethod.Get, "/api/consultations?last=0"),
            ["UseConsultation use-unknown"] = Use(world.Host.Request(HttpMethod.Post, $"/api/consultations/{id}/uses"), "x"),
            ["MakeStatement consultation-not-found"] = world.Host.Request(HttpMethod.Post, $"/api/consultations/{NotOurs}/statements"),
            ["MakeStatement statement-of-nobody"] = world.Host.Request(HttpMethod.Post, $"/api/consultations/{list.Id}/statements"),
            ["MakeStatement statement-without-file"] = world.Host.Request(HttpMethod.Post, $"/api/consultations/{nobody.Id}/statements"),
            ["ReadStatement statement-not-found"] = world.Host.Request(HttpMethod.Get, $"/api/consultations/{id}/statements"),
            ["VerifyStatement too-many-verifications"] = Anonymous(world.Host.Request(HttpMethod.Get, "/verify/7777")),
            ["UseConsultation consultation-not-found"] = Use(world.Host.Request(HttpMethod.Post, $"/api/consultations/{NotOurs}/uses"), "invoice"),
        };
        foreach (var (what, request) in asked)
        {
            using (request)
            {
                using var response = await world.Host.SendAsync(request);
                var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
                var shown = operations[what.Split(' ')[0]]["responses"]![status]?["content"]?["application/problem+json"]?["examples"]?[what.Split(' ')[1]]?["value"];
                Assert.True(shown is not null, $"{what}: {status} {problem}");
                foreach (var (member, value) in shown.AsObject())
                    Assert.Equal($"{what} {member} {value}", $"{what} {member} {problem[member]}");
            }
        }
    }

    private static async Task<JsonNode> DescriptionAsync(RightsWorld world) =>
        JsonNode.Parse(await world.Host.Client.GetStringAsync("/openapi/rights.json", TestContext.Current.CancellationToken))!;

    private static IEnumerable<(string Id, JsonNode Operation)> Operations(JsonNode description) =>
        from path in description["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select (method.Value!["operationId"]!.GetValue<string>(), method.Value!);

    // Another answer: read the difference, then copy the file over the example.
    private static string[] Different(string file, JsonNode? shown, JsonNode received)
    {
        Settle(received);
        var text = received.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, file + ".received"), text + "\n");
        return JsonNode.DeepEquals(shown, received) ? [] : [$"Not as services/rights/Description/Examples/{file} shows: compare with {file}.received."];
    }

    private static void Settle(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Settle(item);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (value is JsonValue && Fixed.TryGetValue(name, out var settled) && (name != "id" || Guid.TryParse(value.ToString(), out _)))
                    members[name] = settled.DeepClone();
                else
                    Settle(value);
            }
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static HttpRequestMessage Use(HttpRequestMessage request, string use)
    {
        request.Content = Json($$"""{"use":"{{use}}"}""");
        return request;
    }

    private static HttpRequestMessage Keyed(HttpRequestMessage request, string key)
    {
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private static HttpRequestMessage Text(HttpRequestMessage request)
    {
        request.Content = new StringContent("nir", Encoding.UTF8, "text/plain");
        return request;
    }

    private static HttpRequestMessage Anonymous(HttpRequestMessage request)
    {
        request.Headers.Authorization = null;
        return request;
    }
}
