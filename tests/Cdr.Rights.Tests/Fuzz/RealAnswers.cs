using System.Net;
using System.Net.Http.Headers;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Regimes;
using Cdr.Testing;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>A question, and what the simulated regime really answered to it.</summary>
internal sealed record RealAnswer(RegimeRow Regime, RegimeQuestion Question, HttpStatusCode Status, string ContentType, byte[] Body, RegimeAnswer Read);

/// <summary>The cases of the simulated people, asked of every regime in its own words.</summary>
internal static class RealAnswers
{
    // No regime takes it for the past.
    private static readonly DateOnly CareDate = new(2040, 1, 1);

    public static async Task<List<RealAnswer>> OfAsync(RegimeProtocol protocol)
    {
        using var folder = new TestFolder("fuzz");
        await using var regimes = await RegimeBackEnds.StartAsync(Registry.Write(folder.File("regimes.json")));
        using var http = new HttpClient { BaseAddress = regimes.Address };
        using var harness = new RegimeHarness(EveryDialectTests.AlwaysOpen);
        var last = (Status: HttpStatusCode.OK, Type: "", Body: Array.Empty<byte>());
        harness.Plan(async (request, cancel) =>
        {
            last = await ForwardAsync(http, request, cancel);
            return RegimeHarness.Response(last.Body, last.Type, last.Status);
        });

        List<RealAnswer> answers = [];
        foreach (var row in RegimeHarness.Shipped.Rows.Where(row => row.Protocol == protocol))
            foreach (var asked in regimes.People.Cases.SelectMany(one => one.Questions).Where(one => one.Regime == row.Id.Value || one.Regime is null))
            {
                var question = RegimeHarness.ByNir with { Subject = Subject(asked), CareDate = CareDate };
                var read = await harness.AskAsync(row.Id.Value, question);
                if (read is not RegimeAnswer.NotAsked)
                    answers.Add(new RealAnswer(harness.Row(row.Id.Value), question, last.Status, last.Type, last.Body, read));
            }

        return answers;
    }

    private static RegimeSubject Subject(CaseQuestion asked) => asked.Names is { } names
        ? new RegimeSubject.ByName(names.FamilyName, names.GivenName, names.BirthDate)
        : new RegimeSubject.ByNir(Nir.Parse(asked.Nir).Value, asked.BeneficiaryBirthDate, asked.BirthRank is { } rank ? BirthRank.Create(rank).Value : null);

    private static async Task<(HttpStatusCode, string, byte[])> ForwardAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancel)
    {
        using var forwarded = new HttpRequestMessage(request.Method, request.RequestUri!.AbsolutePath.TrimStart('/'))
        {
            Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancel)),
        };
        forwarded.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.Content.Headers.ContentType!.ToString());
        foreach (var (name, values) in request.Headers)
            forwarded.Headers.TryAddWithoutValidation(name, values);
        using var response = await http.SendAsync(forwarded, cancel);
        return (response.StatusCode, response.Content.Headers.ContentType!.ToString(), await response.Content.ReadAsByteArrayAsync(cancel));
    }
}
