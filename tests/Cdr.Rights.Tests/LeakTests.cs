using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;

namespace Cdr.Rights.Tests;

/// <summary>What telemetry is told of a run with many persons, good and bad questions, and regimes in every mood.</summary>
public sealed class LeakTests(TestServers servers)
{
    private static readonly string[] Loud = ["Default", "System.Net.Http.HttpClient", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Polly", "MassTransit"];

    [Fact]
    public async Task Telemetry_never_hears_a_number_a_name_or_a_birth_date()
    {
        using var overheard = new Overheard();
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Logs = overheard,
            // An operator may turn everything on.
            Settings = new Dictionary<string, string?>(Loud.ToDictionary(category => "Logging:LogLevel:" + category, string? (_) => "Trace")) { ["Fishing:Enabled"] = "true", ["Fishing:Pace"] = "00:00:00.100" },
            Postgres = await servers.PostgresAsync(),
            Redis = (await servers.RedisAsync()).CreateDatabase(),
            Rabbit = await (await servers.RabbitAsync()).CreateVirtualHostAsync(TestContext.Current.CancellationToken),
            Registry = Registry.Timeout("cnam", "00:00:01"),
        });
        var people = world.Regimes.People.All().Where(p => p.Memberships.Count > 0).Take(150).ToList();

        foreach (var (index, person) in people.Index())
        {
            // Every so often a regime is in trouble, and its parser meets what it cannot read.
            world.Regimes.Switches[person.Memberships[0].Regime] = (index % 7) switch { 5 => RegimeMode.Garbage, 6 => RegimeMode.Failing, _ => RegimeMode.Up };
            using var byNir = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = person.Memberships[0].Regime });
            using var byNames = await world.Host.AskAsync(new
            {
                names = new { familyName = person.Person.FamilyName, givenName = person.Person.GivenName }, birthDate = person.Person.BirthDate.Iso, reason = "emergency",
            });
            using var wrong = await world.Host.AskAsync($$"""{"nir":"{{person.Nir}}99","{{person.Person.FamilyName}}":"{{person.Person.GivenName}}"}""");
        }

        using var aside = await world.Host.AskAsync(new { nir = people[0].Nir, reason = "emergency" }, accept: "text/event-stream");
        var heard = overheard.Text();
        Assert.True(overheard.Count > 1000);
        AssertAbsent(heard, people.SelectMany(p => new[] { p.Nir, p.Person.BirthDate.Iso, p.Person.BirthDate.Iso.Replace("-", "", StringComparison.Ordinal), French(p.Person.BirthDate.Iso) }));
        AssertAbsent(heard, people.SelectMany(p => new[] { p.Person.FamilyName, p.Person.NameInUse }).OfType<string>());
    }

    [Theory]
    [InlineData("POST /verify", "code={0}")]
    [InlineData("GET /verify?code={0}", "")]
    [InlineData("GET /verify/2 {0}", "")]
    public async Task Telemetry_hears_of_statements_and_verifications_and_never_of_whom_they_are(string line, string body)
    {
        using var overheard = new Overheard();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Logs = overheard, Settings = new Dictionary<string, string?>(Loud.ToDictionary(category => "Logging:LogLevel:" + category, string? (_) => "Trace")) });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var answer = await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var person = answer.Affiliations[0].Beneficiary;
        using var made = await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, $"/api/consultations/{answer.Id}/statements"));
        Assert.Equal(201, (int)made.StatusCode);
        foreach (var type in (string[])["application/json", "application/pdf"])
        {
            using var request = world.Host.Request(HttpMethod.Get, $"/api/consultations/{answer.Id}/statements");
            request.Headers.Accept.ParseAdd(type);
            using var read = await world.Host.SendAsync(request);
            await read.BytesAsync();
        }

        // By connections that tell nothing themselves: an address that somebody wrote so is theirs.
        var authority = world.Host.Client.BaseAddress!.Authority;
        foreach (var typed in (string[])[nir, nir + "99", person.FamilyName])
        {
            foreach (var accept in (string[])["text/html", "application/json"])
            {
                var form = string.Format(CultureInfo.InvariantCulture, body, typed);
                var head = $"{string.Format(CultureInfo.InvariantCulture, line, typed)} HTTP/1.1\r\nAccept: {accept}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}";
                Assert.StartsWith(line.Count(letter => letter == ' ') == 1 ? "HTTP/1.1 200" : "HTTP/1.1 400", await SayAsync(authority, head, form), StringComparison.Ordinal);
            }
        }

        Assert.True(overheard.Count > 1000);
        var heard = overheard.Text();
        // Those were told of, and the filters are not all that keeps it silent.
        Assert.Contains("statements", heard, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore", heard, StringComparison.Ordinal);
        AssertAbsent(heard, [nir, nir + "99", person.FamilyName, person.BirthDate, French(person.BirthDate)]);
    }

    private static async Task<string> SayAsync(string authority, string head, string body)
    {
        using var connection = new TcpClient();
        var at = authority.Split(':');
        await connection.ConnectAsync(at[0], int.Parse(at[1], CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{head}\r\nHost: {authority}\r\nConnection: close\r\n\r\n{body}"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static string French(string iso) => string.Create(CultureInfo.InvariantCulture, $"{iso[8..]}/{iso[5..7]}/{iso[..4]}");

    // Some names are common words of English or French; they count as whole words, as the population's page warns.
    private static void AssertAbsent(string heard, IEnumerable<string> told) =>
        Assert.Empty(told.Distinct().Where(one => Regex.IsMatch(heard, $@"(?<![\p{{L}}\p{{N}}-]){Regex.Escape(one)}(?![\p{{L}}\p{{N}}-])", RegexOptions.IgnoreCase)).Take(5));
}
