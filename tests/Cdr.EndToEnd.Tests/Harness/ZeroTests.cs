using System.Text.RegularExpressions;
using Cdr.Receiver.Otlp;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Harness;

/// <summary>« increase » does not see the count that a series is born with: what alerts look for is told before.</summary>
public sealed partial class ZeroTests(Platforms platforms)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_counter_that_an_alert_is_made_of_is_told_from_the_start()
    {
        var wanted = Wanted().ToList();
        Assert.Contains(wanted, one => one is { Name: "cdr_rights_journal_upkeep_total", Value: "damaged" });
        Assert.Contains(wanted, one => one is { Name: "cdr_rights_consultation_refused_total", Value: "NoJournal" });
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);

        // By the real exporter: what is counted before it listens is lost.
        List<string> missing = [];
        try
        {
            await Deadline.UntilAsync("metrics arrive", TimeSpan.FromSeconds(20), () =>
            {
                var metrics = new ReceivedMetrics(TimeProvider.System);
                foreach (var (_, body) in platform.Telemetry.Received.Where(export => export.Signal == "metrics"))
                    metrics.Take(body);
                missing = [.. wanted.Where(one => !metrics.Has(one.Name, (one.Label, one.Value))).Select(one => one.ToString())];
                return missing.Count == 0;
            }, Cancellation);
        }
        catch (TimeoutException)
        {
            Assert.Empty(missing);
            throw;
        }
    }

    /// <summary>Each series that a rule takes the increase or the rate of, by the values that it names.</summary>
    private static IEnumerable<(string Name, string Label, string Value)> Wanted() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "prometheus"), "*.rules.yml")
        from Match read in Reads().Matches(File.ReadAllText(file))
        from Match matcher in Matchers().Matches(read.Groups["labels"].Value)
        from value in matcher.Groups["values"].Value.Split('|')
        select (read.Groups["name"].Value, matcher.Groups["label"].Value, value);

    [GeneratedRegex(@"(?:increase|rate)\((?<name>cdr_\w+_total)\{(?<labels>[^}]*)\}")]
    private static partial Regex Reads();

    [GeneratedRegex("""(?<label>\w+)=~?"(?<values>[^"]*)["]""")]
    private static partial Regex Matchers();
}
