using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Features;

/// <summary>What a regime may do about its own, and what everybody may know of all.</summary>
public sealed class RegimeSideTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_regime_says_has_changed_is_asked_again_for_every_establishment_date_and_way_of_asking()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Redis = (await servers.RedisAsync()).CreateDatabase() });
        var other = await world.StartHostAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        (object Question, TestCaller? Caller)[] questions =
        [
            (new { nir, reason = "emergency", regime = "cnam" }, null),
            (new { nir, reason = "emergency", regime = "cnam", careDate = "2024-06-01" }, null),
            (new { nir, reason = "emergency", regime = "cnam", beneficiaryBirthDate = "1984-05-12" }, null),
            (new { nir, reason = "emergency", regime = "cnam" }, new TestCaller { Finess = "130786049" }),
            (new { names = new { familyName = "Lavandier", givenName = "Camille" }, birthDate = "1984-05-12", reason = "emergency", regime = "cnam" }, null),
            // Unknown there: that too is forgotten.
            (new { nir, reason = "emergency", regime = "msa" }, null),
        ];
        foreach (var (question, caller) in questions)
            await KeptAsync(world.Host, question, caller);

        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(other, "cnam", world.Tokens.ServiceToken("regime-cnam").Value, nir));
        var calls = world.Regimes.AllCalls;
        foreach (var (question, caller) in questions)
            await world.Host.AskAsync(question, caller).AnswerAsync();

        // All but what another regime said.
        Assert.Equal(calls + 5, world.Regimes.AllCalls);
        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(other, "msa", world.Tokens.ServiceToken("regime-msa").Value, nir));
        await world.Host.AskAsync(questions[^1].Question).AnswerAsync();
        Assert.Equal(calls + 6, world.Regimes.AllCalls);
    }

    [Fact]
    public async Task A_file_that_an_organism_corrected_after_a_ticket_is_asked_again()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        await KeptAsync(world.Host, question, null);
        var id = (await world.Host.AskAsync(question).AnswerAsync()).Id;
        var corrected = new FileCorrected(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), id, id, "cnam", TimeProvider.System.GetUtcNow());

        // Of another regime, and of no consultation: nothing is forgotten.
        await world.Host.Services.GetRequiredService<IBus>().Publish(corrected with { Regime = "msa" }, Cancel);
        await world.Host.Services.GetRequiredService<IBus>().Publish(corrected with { Consultation = corrected.Id }, Cancel);
        Assert.Equal(Freshness.Cached, (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness);

        await world.Host.Services.GetRequiredService<IBus>().Publish(corrected, Cancel);
        await Records.UntilAsync("it is asked again", async () => (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Live);
    }

    [Fact]
    public async Task What_was_said_before_a_change_is_not_kept_after_it()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var asking = world.Host.AskAsync(question).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(world.Host, "cnam", world.Tokens.ServiceToken("regime-cnam").Value, question.nir));
        world.Regimes.Switches["cnam"] = RegimeMode.Up;

        Assert.Equal(ConsultationOutcome.Found, (await asking).Outcome);
        await Records.UntilAsync("it is asked again", async () => (await world.Host.AskAsync(question).AnswerAsync()).Affiliations[0].Source.Freshness == Freshness.Live);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_said_before_a_change_that_another_process_was_told_of_is_neither_kept_nor_given_to_who_asks_after_it(bool byNames)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Redis = (await servers.RedisAsync()).CreateDatabase() });
        var other = await world.StartHostAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        object question = byNames
            ? new { names = new { familyName = "Lavandier", givenName = "Camille" }, birthDate = "1984-05-12", reason = "emergency", regime = "cnam" }
            : new { nir, reason = "emergency", regime = "cnam" };
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var before = world.Host.AskAsync(question).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);
        world.Regimes.Switches["cnam"] = RegimeMode.Up;

        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(other, "cnam", world.Tokens.ServiceToken("regime-cnam").Value, nir));
        Assert.False(before.IsCompleted, "too slow a machine: Cnam has answered");
        var after = await world.Host.AskAsync(question).AnswerAsync();
        var elsewhere = await other.AskAsync(question).AnswerAsync();

        Assert.Equal(ConsultationOutcome.Found, (await before).Outcome);
        Assert.Equal((Freshness.Live, Freshness.Live), (after.Affiliations[0].Source.Freshness, elsewhere.Affiliations[0].Source.Freshness));
        Assert.Equal(3, world.Regimes.Calls("cnam"));
    }

    [Fact]
    public async Task A_regime_whose_change_could_not_be_heard_is_told_so()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Cancel);
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Redis = redis.CreateDatabase() });
        await redis.KillAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TellAsync(world.Host, "cnam", world.Tokens.ServiceToken("regime-cnam").Value, world.Regimes.People.Case("cnam").Nir));
    }

    [Fact]
    public async Task A_regime_speaks_for_itself_only_and_nobody_speaks_for_it()
    {
        await using var world = await RightsWorld.StartAsync();
        var nir = world.Regimes.People.Case("cnam").Nir;
        Dictionary<string, string> strangers = new()
        {
            ["another regime"] = world.Tokens.ServiceToken("regime-msa").Value,
            ["a service"] = world.Tokens.ServiceToken("usage").Value,
            ["its agent"] = world.Tokens.Mint(new TestCaller { Role = CdrRoles.RegimeAgent, Regime = "cnam", Finess = null }),
            ["a person of that name"] = world.Tokens.Mint(new TestCaller { Subject = "regime-cnam" }),
            ["a hospital's software"] = world.Tokens.Mint(new TestCaller { Kind = SubjectKinds.Software, Subject = "regime-cnam", Session = null }),
        };
        foreach (var role in CdrRoles.All)
            strangers[role] = world.Tokens.Mint(new TestCaller { Role = role });

        foreach (var (who, token) in strangers)
            Assert.True(await TellAsync(world.Host, "cnam", token, nir) == HttpStatusCode.Forbidden, who);
        Assert.Equal(HttpStatusCode.NotFound, await TellAsync(world.Host, "nowhere", world.Tokens.ServiceToken("regime-nowhere").Value, nir));
        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync(world.Host, "cnam", world.Tokens.ServiceToken("regime-cnam").Value, nir, "1"));
        Assert.Equal(HttpStatusCode.BadRequest, await TellAsync(world.Host, "cnam", world.Tokens.ServiceToken("regime-cnam").Value));
    }

    [Fact]
    public async Task A_regime_sees_the_consultations_served_from_what_is_kept_of_it_and_no_others()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "patient-absent", regime = "cnam" };
        await KeptAsync(world.Host, question, null);
        await KeptAsync(world.Host, new { nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "msa" }, null);
        var id = (await world.Host.AskAsync(question).AnswerAsync()).Id;
        var agent = new TestCaller { Role = CdrRoles.RegimeAgent, Regime = "cnam", Finess = null };

        var kept = await ExportAsync(world.Host, world.Tokens.Mint(agent));
        var itself = await ExportAsync(world.Host, world.Tokens.ServiceToken("regime-cnam").Value);

        Assert.Contains(kept.Answers, a => a.Consultation == id && a is { Establishment: TestCaller.Establishment, Reason: "patient-absent", Outcome: RegimeOutcome.Found });
        Assert.All(kept.Answers, a => Assert.Equal("patient-absent", a.Reason));
        Assert.Equal(kept.Answers, itself.Answers);
        Assert.Null(kept.Next);
        Assert.Empty((await ExportAsync(world.Host, world.Tokens.Mint(agent), after: kept.Answers[^1].Consultation)).Answers);
        // The first question was asked of the regime, whose own trace has it.
        Assert.True(kept.Answers.Count < await AnsweredAsync(world.Host, "patient-absent"));
        foreach (var stranger in (TestCaller[])[agent with { Regime = "msa" }, agent with { Regime = null }, new TestCaller(), new TestCaller { Role = CdrRoles.Operations }])
        {
            using var refused = await SendAsync(world.Host, HttpMethod.Get, KeptPath(null), world.Tokens.Mint(stranger));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T12:00:00Z", "from")]
    [InlineData("9999-12-31T00:00:00Z", "9999-12-31T12:00:00Z", "from")]
    [InlineData("2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "until")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-02T00:00:01Z", "until")]
    [InlineData("2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", "until")]
    public async Task What_is_kept_is_told_a_day_a_call(string from, string until, string field)
    {
        await using var world = await RightsWorld.StartAsync();

        using var refused = await SendAsync(world.Host, HttpMethod.Get, $"/api/regimes/cnam/kept-answers?from={from}&until={until}", world.Tokens.ServiceToken("regime-cnam").Value);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(field, JsonNode.Parse(await refused.Content.ReadAsByteArrayAsync(Cancel))!["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_follows_the_regimes_does_not_hold_a_stop()
    {
        await using var world = await RightsWorld.StartAsync();
        using var request = world.Host.Request(HttpMethod.Get, "/api/regimes/changes");
        using var response = await world.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var changes = await response.Content.ReadAsStreamAsync(Cancel);
        Assert.NotEqual(0, await changes.ReadAsync(new byte[16], Cancel));

        var stopping = world.Host.StopAsync();

        // To its end: a server that had waited would have broken it off.
        await changes.CopyToAsync(Stream.Null, Cancel);
        await stopping;
    }

    [Fact]
    public async Task Changes_of_health_are_followed_and_an_announced_interruption_is_published_before_it_starts()
    {
        var (now, soon) = (TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddHours(5));
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = row =>
            {
                if (row["id"]!.GetValue<string>() == "mgen")
                    row["downtime"] = JsonSerializer.SerializeToNode(new[] { new { from = soon, to = soon.AddHours(1), note = "Maintenance" } });
                if (row["id"]!.GetValue<string>() == "enim")
                    row["downtime"] = JsonSerializer.SerializeToNode(new[] { new { from = now.AddHours(-1), to = soon, note = (string?)null } });
            },
            Settings = new Dictionary<string, string?> { ["Regimes:CircuitMinimumCalls"] = "2" },
        });
        using var request = world.Host.Request(HttpMethod.Get, "/api/regimes/changes");
        using var response = await world.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Dictionary<string, RegimeInfo> seen = [];
        await foreach (var item in FollowedAsync(response))
        {
            seen[item.Id] = item;
            if (seen.Count < 17)
                continue;
            if (seen["cnam"].Health == "down")
                break;
            world.Regimes.Switches["cnam"] = RegimeMode.Failing;
            for (var i = 0; i < 3; i++)
                await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", refresh = true }).AnswerAsync();
        }

        Assert.Equal(("up", "Maintenance"), (seen["mgen"].Health, Assert.Single(seen["mgen"].Downtime).Note));
        Assert.Equal("closed", seen["enim"].Health);
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("enim").Nir, reason = "emergency", regime = "enim" }).AnswerAsync();
        Assert.Equal((ConsultationOutcome.Incomplete, "plannedDowntime"), (answer.Outcome, answer.Regimes[0].Reason));
        Assert.Equal(0, world.Regimes.Calls("enim"));
    }

    [Fact]
    public async Task A_regime_whose_last_answers_were_missing_is_said_to_be_in_trouble_before_its_circuit_opens()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam", refresh = true };
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        for (var i = 0; i < 7; i++)
            await world.Host.AskAsync(question).AnswerAsync();

        Assert.Equal("degraded", await HealthAsync(world.Host, "cnam"));
        Assert.Equal("up", await HealthAsync(world.Host, "msa"));
        using var request = world.Host.Request(HttpMethod.Get, "/api/regimes/changes");
        using var response = await world.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        List<string> followed = [];
        await foreach (var item in FollowedAsync(response))
        {
            if (item.Id != "cnam")
                continue;
            followed.Add(item.Health);
            if (followed.Count == 2)
                break;
            world.Regimes.Switches["cnam"] = RegimeMode.Up;
            await world.Host.AskAsync(question).AnswerAsync();
        }

        Assert.Equal(["degraded", "up"], followed);
        Assert.Equal("up", await HealthAsync(world.Host, "cnam"));
    }

    [Fact]
    public async Task While_no_regime_changes_the_stream_says_every_ten_seconds_that_it_lives()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock });
        using var request = world.Host.Request(HttpMethod.Get, "/api/regimes/changes");
        using var response = await world.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var items = SseParser.Create(await response.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);
        for (var i = 0; i < 17; i++)
            Assert.True(await items.MoveNextAsync());
        var told = clock.GetUtcNow();

        var next = items.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
        }

        Assert.True(await next);
        Assert.Equal((ConsultationEvents.Alive, ""), (items.Current.EventType, items.Current.Data));
        Assert.InRange(clock.GetUtcNow() - told, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
    }

    private static async IAsyncEnumerable<RegimeInfo> FollowedAsync(HttpResponseMessage response)
    {
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel))
        {
            if (item.EventType == ConsultationEvents.Regime)
                yield return JsonSerializer.Deserialize<RegimeInfo>(item.Data, JsonSerializerOptions.Web)!;
        }
    }

    private static async Task<string> HealthAsync(RightsHost host, string regime)
    {
        using var response = await host.GetAsync("/api/regimes");
        return JsonSerializer.Deserialize<RegimeInfo[]>(await response.BytesAsync(), JsonSerializerOptions.Web)!.Single(one => one.Id == regime).Health;
    }

    private static async Task KeptAsync(RightsHost host, object question, TestCaller? caller) =>
        await Records.UntilAsync("the reply is kept", async () =>
            (await host.AskAsync(question, caller).AnswerAsync()).Regimes.All(r => r.Freshness == Freshness.Cached));

    private static async Task<HttpStatusCode> TellAsync(RightsHost host, string regime, string token, params string[] nirs)
    {
        using var response = await SendAsync(host, HttpMethod.Post, $"/api/regimes/{regime}/changes", token, JsonContent.Create(new { persons = nirs.Select(nir => new { nir }) }));
        return response.StatusCode;
    }

    private static async Task<KeptAnswers> ExportAsync(RightsHost host, string token, Guid? after = null)
    {
        using var response = await SendAsync(host, HttpMethod.Get, KeptPath(after), token);
        return JsonSerializer.Deserialize<KeptAnswers>(await response.BytesAsync(), JsonSerializerOptions.Web)!;
    }

    private static string KeptPath(Guid? after)
    {
        var now = TimeProvider.System.GetUtcNow();
        return $"/api/regimes/cnam/kept-answers?from={now.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&until={now.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}{(after is null ? "" : $"&after={after}")}";
    }

    private static async Task<int> AnsweredAsync(RightsHost host, string reason) =>
        JsonSerializer.Deserialize<ConsultationSummary[]>(await (await host.GetAsync("/api/consultations?last=100")).BytesAsync(), JsonSerializerOptions.Web)!.Count(c => c.Reason == reason);

    private static async Task<HttpResponseMessage> SendAsync(RightsHost host, HttpMethod method, string path, string token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await host.SendAsync(request);
    }
}
