using System.Text.RegularExpressions;
using Cdr.Deployment.Tests.Charts;

namespace Cdr.Deployment.Tests.Containers;

/// <summary>What deploy/verify says that it looks at. That it runs is seen where it is run.</summary>
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

    /// <summary>A script of which a line cannot be read is found where it is needed.</summary>
    [Theory]
    [InlineData("deploy/verify")]
    [InlineData("deploy/secrets")]
    [InlineData("deploy/backup")]
    [InlineData("deploy/restore")]
    [InlineData("deploy/images/build")]
    [InlineData("deploy/images/publish")]
    public async Task Scripts_can_be_read(string script)
    {
        var (code, output) = await Tool.RunAsync("bash", "-n", Files.At(script));
        Assert.True(code == 0, output);
    }

    /// <summary>Rules are counted where they are written, and as Prometheus counts them.</summary>
    [Fact]
    public async Task All_rules_that_are_written_are_waited_for()
    {
        var counting = Script.Split('\n').Single(line => line.StartsWith("written=", StringComparison.Ordinal));
        var (code, output) = await Tool.RunAsync("bash", "-c", $"{counting}; echo \"$written\"");
        Assert.True(code == 0, output);
        Assert.Equal(Observability.RuleFiles.All.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), output.Trim());
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
}
