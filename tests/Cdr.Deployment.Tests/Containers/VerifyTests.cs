using System.Text.RegularExpressions;
using Cdr.Deployment.Tests.Charts;

namespace Cdr.Deployment.Tests.Containers;

/// <summary>What deploy/verify says that it looks at. That it runs is seen where it is run: docs/verify.txt.</summary>
public sealed partial class VerifyTests
{
    private static readonly string Script = Files.Read("deploy", "verify");

    [Fact]
    public void Whatever_compose_starts_is_started_or_said_not_to_be()
    {
        var started = Lists().Matches(Script).ToDictionary(list => list.Groups[1].Value, list => list.Groups[2].Value.Split(' '), StringComparer.Ordinal);
        var migrations = started["services"].Select(service => service + "-migrate");
        // Grafana, the trace store and the mail catcher.
        Assert.Contains("Grafana, the trace store, the mail catcher", Script.Split('\n').Single(line => line.Contains("NOT RUN", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(
            ((Dictionary<string, object?>)Yaml.Read(Files.Read("docker-compose.yml"))["services"]!).Keys.Order(StringComparer.Ordinal),
            started.Values.SelectMany(names => names).Concat(migrations).Concat(["grafana", "traces", "mail"]).Order(StringComparer.Ordinal));
    }

    /// <summary>A green run's own log, kept: of all of it, and of what was not run.</summary>
    [Fact]
    public void The_log_that_is_kept_is_of_a_green_run()
    {
        var log = Files.Read("docs", "verify.txt");
        Assert.Matches("VERIFIED in [0-9]+ min [0-9]+ s", log);
        Assert.DoesNotContain("FAILED", log, StringComparison.Ordinal);
        Assert.Contains("NOT RUN", log, StringComparison.Ordinal);
        // Each step of the script that ends with a finding, to its first variable.
        var steps = Steps().Matches(Script).Select(step => step.Groups[1].Value).ToList();
        Assert.True(steps.Count >= 10);
        Assert.All(steps, step => Assert.Contains(step, log, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--everything", "Unknown option: --everything")]
    [InlineData("--pictures", "--pictures needs a folder")]
    public async Task A_wrong_option_is_named_before_anything_is_done(string option, string because)
    {
        var (code, output) = await Tool.RunAsync("bash", Files.At("deploy", "verify"), option);
        Assert.NotEqual(0, code);
        Assert.Contains(because, output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(services|stores|watching|demo)=\(([a-z -]+)\)$", RegexOptions.Multiline)]
    private static partial Regex Lists();

    [GeneratedRegex("^ *step \"([^\"$]{8,})", RegexOptions.Multiline)]
    private static partial Regex Steps();
}
