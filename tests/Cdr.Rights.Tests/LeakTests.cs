using System.Globalization;
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

    private static string French(string iso) => string.Create(CultureInfo.InvariantCulture, $"{iso[8..]}/{iso[5..7]}/{iso[..4]}");

    // Some names are common words of English or French; they count as whole words, as the population's page warns.
    private static void AssertAbsent(string heard, IEnumerable<string> told) =>
        Assert.Empty(told.Distinct().Where(one => Regex.IsMatch(heard, $@"(?<![\p{{L}}\p{{N}}-]){Regex.Escape(one)}(?![\p{{L}}\p{{N}}-])", RegexOptions.IgnoreCase)).Take(5));
}
