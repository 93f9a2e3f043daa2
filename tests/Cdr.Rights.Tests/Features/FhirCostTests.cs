using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;

namespace Cdr.Rights.Tests.Features;

/// <summary>What the FHIR door adds to a question that is answered from what is kept: the cheapest there is.</summary>
public sealed class FhirCostTests(TestServers servers)
{
    private const int Rounds = 7;
    private const int Questions = 1500;

    [Fact]
    [Trait("Category", "Deep")]
    public async Task A_FHIR_answer_costs_twice_the_plain_one_at_most()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var plain = $$"""{"nir":"{{nir}}","reason":"patient-absent","regime":"cnam"}""";
        var fhir = """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["validation","benefits"],"created":"2026-11-25","insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"#nir#"}}}""".Replace("#nir#", nir, StringComparison.Ordinal);
        // One token, verified once: as a clerk's five minutes are.
        var token = world.Host.Request(HttpMethod.Get, "/").Headers.Authorization;
        List<double> ratios = [];
        for (var round = -2; round < Rounds; round++)
        {
            // The request alone, without a question: what both have alike of the client and the server.
            var nothing = await CostAsync(() => Request(HttpMethod.Get, "/health/live"));
            var one = await CostAsync(() => Sent("/api/consultations", plain, "application/json")) - nothing;
            var other = await CostAsync(() => Sent("/fhir/CoverageEligibilityRequest/$submit", fhir, "application/fhir+json")) - nothing;
            if (round < 0)
                continue;
            ratios.Add(other / one);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"request {nothing:0} µs, plain + {one:0} µs, FHIR + {other:0} µs: {other / one:0.00}"));
        }

        // The goal; decision 0023 says what was measured. Cheaper than the plain answer it cannot be: then something else was measured.
        Assert.InRange(ratios.Order().ElementAt(Rounds / 2), 0.9, 2);

        async Task<double> CostAsync(Func<HttpRequestMessage> request)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            await Parallel.ForEachAsync(Enumerable.Range(0, Questions), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
            {
                using var sent = request();
                using var response = await world.Host.SendAsync(sent);
                Assert.True(response.IsSuccessStatusCode);
            });
            process.Refresh();
            return (process.TotalProcessorTime - before).TotalMicroseconds / Questions;
        }

        HttpRequestMessage Request(HttpMethod method, string path) => new(method, path) { Headers = { Authorization = token } };

        HttpRequestMessage Sent(string path, string body, string type)
        {
            var request = Request(HttpMethod.Post, path);
            request.Content = new StringContent(body, Encoding.UTF8, type);
            return request;
        }
    }
}
