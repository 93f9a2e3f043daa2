using System.Text;
using System.Text.Json;

namespace Cdr.Deployment.Tests.Observability;

/// <summary>Every query of every dashboard parses, and reads what is measured. Grafana itself is not run here.</summary>
public sealed class DashboardTests
{
    private static readonly IReadOnlyList<string> Boards = Files.In("deploy/grafana/dashboards", "*.json");
    private static readonly MetricBook Book = MetricBook.Read(Files.Read("docs", "metrics.md"));

    [Fact]
    public void There_is_one_of_each()
    {
        Assert.Equal(["messaging", "regimes", "runtime", "service-level", "sessions", "stores", "support"], Boards.Select(path => Path.GetFileNameWithoutExtension(path)));
        var known = Boards.Select(Read).Select(board => board.GetProperty("uid").GetString()).ToList();
        Assert.Equal(known.Count, known.Distinct(StringComparer.Ordinal).Count());
        foreach (var board in Boards.Select(Read))
        {
            var panels = board.GetProperty("panels").EnumerateArray().ToList();
            Assert.True(panels.Count >= 6);
            Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
            // The one data source that is provisioned.
            Assert.All(panels, panel => Assert.Equal("prometheus", panel.GetProperty("datasource").GetProperty("uid").GetString()));
        }
    }

    [Fact]
    public void Queries_read_what_is_measured() => Assert.Empty(Queries().SelectMany(query => Book.Faults(query, RuleFiles.Recorded)));

    /// <summary>Nothing is measured that nobody looks at, and the list of what others measure is what is used of it.</summary>
    [Fact]
    public void All_that_is_measured_is_looked_at()
    {
        var read = Queries().Concat(RuleFiles.All.Select(rule => rule.Expr)).SelectMany(PromQl.Metrics).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Book.Others.Keys.Except(read));
        Assert.Empty(Book.Own.Keys.Select(Instrument).Distinct().Except(read.Select(Instrument)));
    }

    [Fact]
    public async Task Queries_are_well_written()
    {
        var rules = new StringBuilder("groups: [{ name: dashboards, rules: [\n");
        foreach (var (query, at) in Queries().Select((query, at) => (query, at)))
            rules.Append("{ record: \"query:").Append(at).Append("\", expr: ").Append(JsonSerializer.Serialize(query)).Append(" },\n");
        var file = Path.Combine(Path.GetTempPath(), $"cdr-queries-{Path.GetRandomFileName()}.yml");
        await File.WriteAllTextAsync(file, rules.Append("]}]\n").ToString(), TestContext.Current.CancellationToken);
        try
        {
            var (code, output) = await Tool.RunAsync("promtool", "check", "rules", file);
            Assert.True(code == 0 && output.Contains($"{Queries().Count()} rules found", StringComparison.Ordinal), output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Prometheus_understands_its_configuration()
    {
        var (code, output) = await Tool.RunAsync("promtool", "check", "config", Files.At("deploy", "prometheus", "prometheus.yml"));
        Assert.True(code == 0, output);
    }

    /// <summary>As Grafana sends them, at a scrape each 15 s.</summary>
    public static IEnumerable<string> Queries() => Boards.Select(Read)
        .SelectMany(board => board.GetProperty("panels").EnumerateArray())
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
        .Select(target => target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal));

    private static string Instrument(string metric) => metric.Replace("_bucket", "", StringComparison.Ordinal).Replace("_count", "", StringComparison.Ordinal).Replace("_sum", "", StringComparison.Ordinal);

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;
}
