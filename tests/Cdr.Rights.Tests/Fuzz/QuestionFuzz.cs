using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Fuzz;

/// <summary>
/// Questions to the real host, damaged: an answer or a problem that says what to do, never a 500, and the number asked about
/// is not repeated. A round is made from its number alone.
/// </summary>
public sealed class QuestionFuzz
{
    private const int Rounds = 600;
    private const string Known = "2840575112901";
    private const string Nobody = "1850575113999";

    private static readonly string[] Questions =
    [
        $$"""{"nir":"{{Known}}54","reason":"emergency","regime":"cnam"}""",
        $$"""{"nir":"{{Nobody}}","reason":"emergency","regime":"msa","careDate":"2026-11-01","refresh":true}""",
        $$"""{"nir":"{{Known}}","beneficiaryBirthDate":"1984-05-12","birthRank":1,"reason":"card-forgotten-lost-stolen","regime":"cnam","exhaustive":false}""",
        """{"names":{"familyName":"Lavandier","givenName":"Camille"},"birthDate":"1984-05-12","reason":"emergency","regime":"cnam"}""",
        $$"""{"nir":"{{Known}}","careKind":"series","prescriptionDate":"2026-01-02","insuranceNature":"10","reason":"emergency","regime":"cnam"}""",
        """{"candidate":"QUJD","reason":"emergency"}""",
    ];

    [Fact]
    public async Task A_damaged_question_is_answered_or_refused()
    {
        var statuses = await HostFuzz.SeededAsync(Rounds, RoundAsync);

        Assert.InRange(statuses[400], Rounds / 4, Rounds * 95 / 100);
        Assert.InRange(statuses[200], Rounds / 100, Rounds);
    }

    [Fact]
    [Trait("Category", "Deep")]
    public Task Ten_minutes_of_damaged_questions() => HostFuzz.LongAsync(RoundAsync);

    private static async Task<HttpStatusCode> RoundAsync(RightsHost host, int round)
    {
        var mutate = new Mutator(new Random(round));
        var body = mutate.Json(Encoding.UTF8.GetBytes(mutate.One(Questions)));
        using var request = host.Question("{}", accept: mutate.Sometimes(10) ? "text/event-stream" : "application/json");
        // Another type of content is refused by the framework, in plain text to whoever wants events.
        var isJson = request.Headers.Accept.ToString() == "text/event-stream" || !mutate.Sometimes(30);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(isJson ? "application/json" : "text/plain") } };

        using var response = await host.SendAsync(request);

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var what = $"{(int)response.StatusCode} to {Mutator.Shown(body)}: {text[..Math.Min(text.Length, 1000)]}";
        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge
                or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.ServiceUnavailable,
            what);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", what);
            using var problem = JsonDocument.Parse(text);
            Assert.False(string.IsNullOrEmpty(problem.RootElement.GetProperty("code").GetString()), what);
            Assert.False(text.Contains(Known, StringComparison.Ordinal) || text.Contains(Nobody, StringComparison.Ordinal) || text.Contains("Lavandier", StringComparison.OrdinalIgnoreCase), what);
        }

        return response.StatusCode;
    }
}
