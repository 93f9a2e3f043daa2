using System.Text.Json;
using Cdr.Deployment.Tests.Observability;
using k8s.Models;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>In a cluster the same dashboards are drawn and the same alerts ring as in compose.</summary>
public sealed class ChartObservabilityTests
{
    private static readonly Dictionary<string, object?> ByConfigMap = Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read("observability: { rules: { enabled: true, kind: ConfigMap } }"));
    private static readonly string[] Boards = [.. Files.In("deploy/grafana/dashboards", "*.json")];

    [Fact]
    public async Task Every_rule_is_in_a_PrometheusRule_as_it_is_in_its_file()
    {
        foreach (var (_, text) in await Chart.RenderAsync("regional-group"))
        {
            var manifests = new Manifests(text);
            var rules = manifests.Of<PrometheusRule>().ToDictionary(one => one.Metadata.Name, StringComparer.Ordinal);
            Assert.Equal(["cdr-alerts", "cdr-recording"], rules.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, file) in new[] { ("cdr-alerts", "alerts.rules.yml"), ("cdr-recording", "recording.rules.yml") })
            {
                Assert.Equal(Said(RuleFile.Read(Files.Read("deploy", "prometheus", file))), Said(rules[name].Spec));
                Assert.Equal("kube-prometheus-stack", rules[name].Metadata.Labels["release"]);
            }

            Assert.Equal(RuleFiles.All.Count, rules.Values.SelectMany(one => one.Spec.Groups).Sum(group => group.Rules.Count));
        }
    }

    [Fact]
    public void Every_rule_is_in_a_ConfigMap_where_there_is_no_operator()
    {
        var manifests = new Manifests(Chart.RenderByStandIn(ByConfigMap));
        Assert.Empty(manifests.Of<PrometheusRule>());
        var files = manifests.Of<V1ConfigMap>().Single(one => one.Metadata.Name == "cdr-rules").Data;
        Assert.Equal(RuleFiles.Paths.Select(path => "cdr-" + Path.GetFileName(path)), files.Keys.Order(StringComparer.Ordinal));
        Assert.All(RuleFiles.Paths, path => Assert.Equal(Said(RuleFile.Read(File.ReadAllText(path))), Said(RuleFile.Read(files["cdr-" + Path.GetFileName(path)]))));
    }

    [Fact]
    public async Task Every_dashboard_is_in_a_ConfigMap_that_Grafana_looks_for()
    {
        foreach (var (_, text) in await Chart.RenderAsync("one-hospital"))
        {
            var boards = new Manifests(text).Of<V1ConfigMap>().Where(one => one.Metadata.Labels.ContainsKey("grafana_dashboard")).ToDictionary(one => one.Metadata.Name, StringComparer.Ordinal);
            Assert.Equal(Boards.Select(path => "cdr-dashboard-" + Path.GetFileNameWithoutExtension(path)), boards.Keys.Order(StringComparer.Ordinal));
            foreach (var path in Boards)
            {
                var (file, drawn) = Assert.Single(boards["cdr-dashboard-" + Path.GetFileNameWithoutExtension(path)].Data);
                Assert.Equal($"cdr-{Path.GetFileName(path)}", file);
                Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(File.ReadAllText(path)).RootElement, JsonDocument.Parse(drawn).RootElement), path);
            }
        }
    }

    [Fact]
    public void Where_no_rule_is_installed_the_notes_say_that_nothing_rings()
    {
        Assert.Contains("No alert is installed", Chart.Notes("trial"), StringComparison.Ordinal);
        Assert.Contains("No alert is installed", Chart.Notes("one-hospital"), StringComparison.Ordinal);
        Assert.DoesNotContain("No alert", Chart.Notes("regional-group"), StringComparison.Ordinal);
        // A ConfigMap that nobody mounts is no alert either.
        Assert.Contains("No alert rings before", Chart.Notes(ByConfigMap), StringComparison.Ordinal);
    }

    private static string Said(RuleFile rules) => JsonSerializer.Serialize(rules);
}
