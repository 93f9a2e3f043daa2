using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Cdr.RegimeSimulator.Tests;

public sealed class ModeTests
{
    private static readonly Dictionary<string, string> Small = new() { ["Simulator:InsuredPersons"] = "0" };

    [Theory]
    [InlineData("cnam")]
    [InlineData("interiale")]
    [InlineData("camieg")]
    [InlineData("ccas-ratp")]
    [InlineData("crpcen")]
    public async Task A_closed_regime_says_so(string regime)
    {
        await using var host = new SimulatorHost(Small);
        host.Switches[regime] = RegimeMode.Closed;
        using var response = await AskAsync(host, regime);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["statut=FERME"], await Facts.ReadAsync(Page.Of(regime), response, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failing_regime_answers_500_and_503_in_turn_with_a_page()
    {
        await using var host = new SimulatorHost(Small);
        host.Switches["cnam"] = RegimeMode.Failing;
        foreach (var expected in new[] { 500, 503, 500 })
        {
            using var response = await AskAsync(host, "cnam");
            Assert.Equal(expected, (int)response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("cnam")]
    [InlineData("canssm")]
    [InlineData("crpcen")]
    public async Task Garbage_comes_with_200_and_never_makes_sense(string regime)
    {
        await using var host = new SimulatorHost(Small);
        host.Switches[regime] = RegimeMode.Garbage;
        HashSet<string> bodies = [];
        for (var turn = 0; turn < 8; turn++)
        {
            using var response = await AskAsync(host, regime);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(bodies.Add(Convert.ToBase64String(body)) || turn >= 4);
            Assert.False(StatesSomething(regime, body));
        }

        Assert.Equal(4, bodies.Count);
    }

    [Fact]
    public async Task A_hanging_regime_holds_the_call_until_its_client_leaves()
    {
        await using var host = new SimulatorHost(Small);
        host.Switches["cnam"] = RegimeMode.Hanging;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var call = AskAsync(host, "cnam", leaving.Token);
        await UntilAsync(() => host.Switches.Activity("cnam").InFlight == 1);
        Assert.False(call.IsCompleted);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await UntilAsync(() => host.Switches.Activity("cnam").InFlight == 0);
    }

    [Fact]
    public async Task A_slow_regime_answers_two_seconds_and_a_half_later()
    {
        await using var host = new SimulatorHost(Small);
        host.Switches["cnam"] = RegimeMode.Slow;
        _ = host.CreateClient();
        var started = Stopwatch.GetTimestamp();
        using var response = await AskAsync(host, "cnam");
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 2.4, 20);
        Assert.Contains("statut=TROUVE", await Facts.ReadAsync(Page.Of("cnam"), response, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Beyond_its_capacity_a_regime_answers_429()
    {
        await using var host = new SimulatorHost(new()
        {
            ["Simulator:InsuredPersons"] = "0",
            ["Simulator:Profile"] = "demo",
            ["Simulator:RegistryFile"] = RegistryWith("cnam", static row => row["limits"]!["concurrency"] = 1),
        });
        host.Switches["cnam"] = RegimeMode.Hanging;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task[] calls = [AskAsync(host, "cnam", leaving.Token), AskAsync(host, "cnam", leaving.Token)];
        await UntilAsync(() => host.Switches.Activity("cnam").InFlight == 2);

        using var refused = await AskAsync(host, "cnam");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(2, host.Switches.Activity("cnam").Capacity);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
    }

    [Theory]
    [InlineData("2026-01-15T22:29:00Z", false)]
    [InlineData("2026-01-15T22:30:00Z", true)]
    [InlineData("2026-01-15T03:29:00Z", true)]
    [InlineData("2026-01-15T03:30:00Z", false)]
    [InlineData("2026-07-15T21:30:00Z", true)]
    public async Task A_regime_is_closed_at_night_by_the_clock_of_Paris(string utc, bool isClosed)
    {
        await using var host = new SimulatorHost(new() { ["Simulator:InsuredPersons"] = "0", ["Simulator:Profile"] = "demo" }, new FixedClock(utc));
        using var response = await AskAsync(host, "canssm");
        Assert.Equal(isClosed ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("2026-03-10T03:59:00Z", HttpStatusCode.OK)]
    [InlineData("2026-03-10T04:00:00Z", HttpStatusCode.BadRequest)]
    public async Task Yesterday_is_refused_once_it_is_past_in_every_department(string utc, HttpStatusCode expected)
    {
        await using var host = new SimulatorHost(Small, new FixedClock(utc));
        using var client = host.CreateClient();
        using var response = await client.SendAsync(Wire.Request(Page.Of("enim"), host.People.Case("enim").Questions[0], "2026-03-09"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Switches_are_worked_over_HTTP_too()
    {
        await using var host = new SimulatorHost(Small);
        using var client = host.CreateClient();
        using var set = await client.PostAsJsonAsync("/simulator/regimes/msa/mode", new { mode = "closed" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        Assert.Equal(RegimeMode.Closed, host.Switches["msa"]);
        using var asked = await AskAsync(host, "msa");

        var states = await client.GetFromJsonAsync<JsonElement>("/simulator/regimes", TestContext.Current.CancellationToken);
        var msa = states.EnumerateArray().Single(static state => state.GetProperty("id").GetString() == "msa");
        Assert.Equal(("closed", 1, 0), (msa.GetProperty("mode").GetString(), msa.GetProperty("calls").GetInt32(), msa.GetProperty("inFlight").GetInt32()));

        using var reset = await client.PostAsync("/simulator/reset", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal((RegimeMode.Up, 0), (host.Switches["msa"], host.Switches.Activity("msa").Calls));
    }

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Every_mode_is_switched_by_its_word(string word)
    {
        await using var host = new SimulatorHost(Small);
        using var client = host.CreateClient();

        using var response = await client.PostAsJsonAsync("/simulator/regimes/msa/mode", new { mode = word }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var states = await client.GetFromJsonAsync<JsonElement>("/simulator/regimes", TestContext.Current.CancellationToken);
        Assert.Equal(word, states.EnumerateArray().Single(static one => one.GetProperty("id").GetString() == "msa").GetProperty("mode").GetString());
        Assert.Equal(Enum.GetValues<RegimeMode>().Length, Words.Count);
    }

    public static TheoryData<string> Words =>
    [
        "up", "slow", "failing", "garbage", "hanging", "closed", "reset", "truncated", "wrong-schema", "unavailable", "late", "drip",
        "duplicated", "overlapping", "contradictory", "encoding", "wrong-type", "error-inside",
    ];

    [Theory]
    [InlineData("cnam")]
    [InlineData("camieg")]
    [InlineData("ccas-ratp")]
    [InlineData("crpcen")]
    public async Task A_cut_answer_is_half_of_the_whole_with_an_honest_length_every_other_time(string regime)
    {
        await using var host = new SimulatorHost(Small);
        using var whole = await AskAsync(host, regime);
        host.Switches[regime] = RegimeMode.Truncated;

        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(host, regime));
        using var half = await AskAsync(host, regime);

        Assert.Equal(HttpStatusCode.OK, half.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentLength / 2, half.Content.Headers.ContentLength);
        Assert.False(StatesSomething(regime, await half.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("cnam")]
    [InlineData("camieg")]
    [InlineData("ccas-ratp")]
    [InlineData("crpcen")]
    public async Task A_contradictory_answer_is_of_another_person_of_another_number_or_of_nobody(string regime)
    {
        await using var host = new SimulatorHost(Small);
        var nir = host.People.Case(regime).Nir;
        host.Switches[regime] = RegimeMode.Contradictory;
        for (var turn = 0; turn < 3; turn++)
        {
            using var response = await AskAsync(host, regime);
            var text = System.Text.Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.True(turn == 2 == text.Contains(nir, StringComparison.Ordinal), text);
            Assert.Equal(turn == 2, text.Contains("INCONNU", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/simulator/regimes/rsi/mode", "up", HttpStatusCode.NotFound)]
    [InlineData("/simulator/regimes/msa/mode", "sideways", HttpStatusCode.BadRequest)]
    [InlineData("/simulator/regimes/msa/mode", "7", HttpStatusCode.BadRequest)]
    [InlineData("/simulator/regimes/msa/mode", null, HttpStatusCode.BadRequest)]
    public async Task A_switch_that_does_not_exist_is_a_problem(string path, string? mode, HttpStatusCode expected)
    {
        await using var host = new SimulatorHost(Small);
        using var client = host.CreateClient();
        using var response = await client.PostAsJsonAsync(path, new { mode }, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_regime_added_to_the_registry_answers_without_a_line_of_code()
    {
        await using var host = new SimulatorHost(new()
        {
            ["Simulator:InsuredPersons"] = "2000",
            ["Simulator:RegistryFile"] = RegistryWith("maee", static row =>
            {
                (row["id"], row["address"], row["populationShare"]) = ("caisse-nouvelle", "regimes/caisse-nouvelle/", 0.5);
                (row["name"], row["shortName"]) = ("Caisse nouvelle", "Nouvelle");
            }),
        });
        var insured = host.People.All().First(static one => one.Memberships is [{ Regime: "caisse-nouvelle", Beneficiaries: [_] }]);
        using var client = host.CreateClient();
        using var response = await client.SendAsync(
            Wire.WithHeaders(new(HttpMethod.Post, "regimes/caisse-nouvelle/droits")
            {
                Content = JsonContent.Create(new { nir = insured.Nir, date_soins = "2026-01-02" }),
            }), TestContext.Current.CancellationToken);
        Assert.Equal(Facts.Of(insured, insured.Memberships[0].Beneficiaries[0]), await Facts.ReadAsync(Page.Of("maee"), response, TestContext.Current.CancellationToken));
    }

    private static Task<HttpResponseMessage> AskAsync(SimulatorHost host, string regime, CancellationToken? cancellationToken = null) =>
        host.CreateClient().SendAsync(Wire.Request(Page.Of(regime), host.People.Case(regime).Questions[0], "2027-01-01"), cancellationToken ?? TestContext.Current.CancellationToken);

    private static bool StatesSomething(string regime, byte[] body)
    {
        try
        {
            if (Page.Of(regime).Protocol == "soap")
                return XDocument.Parse(Page.Of(regime).Encoding.GetString(body)).Descendants(Wire.Own + "ConsulterDroitsReponse").Any();
            var root = JsonDocument.Parse(body).RootElement;
            return root.TryGetProperty("statut", out _) || root.TryGetProperty("disposition", out _);
        }
        catch (Exception exception) when (exception is JsonException or XmlException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private static string RegistryWith(string regime, Action<System.Text.Json.Nodes.JsonNode> change)
    {
        var registry = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Repository.Registry))!;
        change(registry["regimes"]!.AsArray().Single(row => row!["id"]!.GetValue<string>() == regime)!);
        var path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.json");
        File.WriteAllText(path, registry.ToJsonString());
        return path;
    }
}
