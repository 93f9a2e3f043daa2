using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Rights.Tests.Features;
using Cdr.Rights.Tests.Harness;
using Hl7.Fhir.Serialization;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>Resources to the real host, damaged: an answer or an outcome, never a 500, and what was sent is not repeated. A round is made from its number alone.</summary>
public sealed class FhirFuzz
{
    private const int Rounds = 400;
    private const string Known = "2840575112901";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private static readonly string[] Resources =
    [
        """{"resourceType":"CoverageEligibilityRequest","extension":[{"url":"urn:cdr:fhir:reason","valueCode":"emergency"}],"status":"active","purpose":["validation","benefits"],"created":"2026-11-25","servicedDate":"2026-11-24","insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}}}""",
        """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"CoverageEligibilityRequest","contained":[{"resourceType":"Patient","id":"p","name":[{"family":"Lavandier","given":["Camille"]}],"birthDate":"1984-05-12"}],"status":"active","purpose":["discovery"],"created":"2026-11-25","insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"reference":"#p"}}}]}""",
        FhirInstances.CompleteBundle(Known, "1984-05-12", "urn:uuid:1c0d3a4e-0000-4000-8000-000000000001", "urn:uuid:1c0d3a4e-0000-4000-8000-000000000001").ToJson(),
    ];

    [Fact]
    public async Task A_damaged_resource_is_answered_or_refused()
    {
        await using var world = await RightsWorld.StartAsync();
        var statuses = new int[600];

        await Parallel.ForEachAsync(Enumerable.Range(0, Rounds), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (round, _) =>
            Interlocked.Increment(ref statuses[(int)await RoundAsync(world.Host, round)]));

        Assert.Empty(Unhandled(world));
        Assert.InRange(statuses[400], Rounds / 4, Rounds * 95 / 100);
        Assert.InRange(statuses[200], Rounds / 100, Rounds);
    }

    [Fact]
    [Trait("Category", "Deep")]
    public async Task Ten_minutes_of_damaged_resources()
    {
        await using var world = await RightsWorld.StartAsync();
        var clock = Stopwatch.StartNew();
        for (var round = RandomNumberGenerator.GetInt32(int.MaxValue / 2); clock.Elapsed < Long; round += 100)
            await Parallel.ForEachAsync(
                Enumerable.Range(round, 100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) => await RoundAsync(world.Host, one));

        Assert.Empty(Unhandled(world));
    }

    private static IEnumerable<Exception> Unhandled(RightsWorld world) =>
        world.Hosts.SelectMany(host => ((Unhandled)host.Services.GetService(typeof(Unhandled))!).Exceptions);

    private static async Task<HttpStatusCode> RoundAsync(RightsHost host, int round)
    {
        var mutate = new Mutator(new Random(round));
        var body = mutate.Json(Encoding.UTF8.GetBytes(mutate.One(Resources)));
        using var request = host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit");
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };

        using var response = await host.SendAsync(request);

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var what = $"round {round}: {(int)response.StatusCode} to {Mutator.Shown(body)}: {text[..Math.Min(text.Length, 1000)]}";
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.ServiceUnavailable, what);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/fhir+json", what);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using var outcome = JsonDocument.Parse(text);
            Assert.True(outcome.RootElement.GetProperty("issue").GetArrayLength() > 0, what);
            Assert.False(text.Contains(Known, StringComparison.Ordinal) || text.Contains("Lavandier", StringComparison.OrdinalIgnoreCase), what);
        }

        return response.StatusCode;
    }
}
