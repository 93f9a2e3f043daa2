using System.Text.Json;
using Cdr.Deployment.Tests.Charts;

namespace Cdr.Deployment.Tests.Observability;

/// <summary>
/// The collector, Grafana and the trace store are run nowhere here: their images come from a registry. What they are told is held against the
/// settings that their documentation knows (collector 0.120, Grafana 11), and against who speaks to them. deploy/verify says that they were not run.
/// </summary>
public sealed class NotRunTests
{
    // Of each component that is used, its settings: an unknown one stops the collector.
    private static readonly Dictionary<string, string[]> Settings = new(StringComparer.Ordinal)
    {
        ["receivers/otlp"] = ["protocols/grpc/endpoint", "protocols/http/endpoint"],
        ["processors/memory_limiter"] = ["check_interval", "limit_mib", "spike_limit_mib"],
        ["processors/batch"] = ["timeout", "send_batch_size", "send_batch_max_size"],
        ["processors/tail_sampling"] = ["decision_wait", "num_traces", "expected_new_traces_per_sec", "policies"],
        ["exporters/prometheus"] = ["endpoint", "metric_expiration", "add_metric_suffixes", "send_timestamps", "const_labels", "enable_open_metrics"],
        ["exporters/otlp"] = ["endpoint", "tls/insecure"],
        ["exporters/debug"] = ["verbosity"],
        ["extensions/health_check"] = ["endpoint"],
    };

    private static readonly Dictionary<string, string> Policies = new(StringComparer.Ordinal) { ["status_code"] = "status_codes", ["latency"] = "threshold_ms", ["probabilistic"] = "sampling_percentage" };
    private static readonly Dictionary<string, object?> Collector = Yaml.Read(Files.Read("deploy", "otel-collector", "config.yml"));
    private static readonly Dictionary<string, object?> Services = Map(Yaml.Read(Files.Read("docker-compose.yml"))["services"]);

    [Fact]
    public void The_collector_knows_every_setting_that_it_is_given()
    {
        Assert.Equal(["exporters", "extensions", "processors", "receivers", "service"], Collector.Keys.Order(StringComparer.Ordinal));
        foreach (var kind in Collector.Keys.Where(key => key != "service"))
        {
            foreach (var (name, settings) in Map(Collector[kind]))
            {
                var known = Settings[$"{kind}/{name.Split('/')[0]}"];
                Assert.Empty(Leaves(settings, "").Where(leaf => !known.Any(one => leaf == one || leaf.StartsWith(one + "/", StringComparison.Ordinal))).Select(leaf => $"{name}: {leaf}"));
            }
        }

        foreach (var policy in ((List<object?>)Map(Map(Collector["processors"])["tail_sampling"])["policies"]!).Select(Map))
        {
            var type = (string)policy["type"]!;
            Assert.Empty(policy.Keys.Except(["name", type, "type"]));
            Assert.Equal(Policies[type], Assert.Single(Map(policy[type])).Key);
        }
    }

    /// <summary>What failed and what was slow is never among the nine in ten that are left out.</summary>
    [Fact]
    public void Errors_and_slow_traces_are_kept_and_one_in_ten_of_the_others()
    {
        var policies = ((List<object?>)Map(Map(Collector["processors"])["tail_sampling"])["policies"]!).Select(Map).ToDictionary(policy => (string)policy["type"]!, StringComparer.Ordinal);

        Assert.Equal(["latency", "probabilistic", "status_code"], policies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["ERROR"], (List<object?>)Map(policies["status_code"]["status_code"])["status_codes"]!);
        // The objective: one second.
        Assert.Equal(1000d, Map(policies["latency"]["latency"])["threshold_ms"]);
        Assert.Equal(10d, Map(policies["probabilistic"]["probabilistic"])["sampling_percentage"]);
        Assert.Contains("tail_sampling", (List<object?>)Map(Map(Map(Collector["service"])["pipelines"])["traces"])["processors"]!);
    }

    /// <summary>A page shows the id of its trace: whoever is told it finds the lines. Basic would count them and throw them away.</summary>
    [Fact]
    public void Lines_of_logs_are_written_whole()
    {
        Assert.Equal(["debug"], (List<object?>)Map(Map(Map(Collector["service"])["pipelines"])["logs"])["exporters"]!);
        Assert.Equal("detailed", Map(Map(Collector["exporters"])["debug"])["verbosity"]);
    }

    [Fact]
    public void Each_pipeline_is_made_of_what_there_is_and_all_of_it_is_used()
    {
        var service = Map(Collector["service"]);
        HashSet<string> used = [.. ((List<object?>)service["extensions"]!).Select(name => "extensions/" + name)];
        var pipelines = Map(service["pipelines"]);
        Assert.Equal(["logs", "metrics", "traces"], pipelines.Keys.Order(StringComparer.Ordinal));
        foreach (var (kind, parts) in pipelines.Values.Select(Map).SelectMany(pipeline => pipeline))
            used.UnionWith(((List<object?>)parts!).Select(name => $"{kind}/{name}"));
        var there = Collector.Keys.Where(key => key != "service").SelectMany(kind => Map(Collector[kind]).Keys.Select(name => $"{kind}/{name}")).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(there.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        // Before anything is held in memory, and together before it is sent.
        foreach (var processors in pipelines.Values.Select(Map).Select(pipeline => (List<object?>)pipeline["processors"]!))
        {
            Assert.Equal("memory_limiter", processors[0]);
            Assert.Equal("batch", processors[^1]);
        }
    }

    /// <summary>Services send where it listens, Prometheus reads where it tells, traces go where there is a store.</summary>
    [Fact]
    public void Who_speaks_to_whom_agrees()
    {
        var compose = Files.Read("docker-compose.yml");
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT: http://otel-collector:4317", compose, StringComparison.Ordinal);
        Assert.Equal("0.0.0.0:4317", Map(Map(Map(Map(Collector["receivers"])["otlp"])["protocols"])["grpc"])["endpoint"]);
        Assert.Equal("0.0.0.0:8889", Map(Map(Collector["exporters"])["prometheus"])["endpoint"]);
        Assert.Contains("targets: [otel-collector:8889]", Files.Read("deploy", "prometheus", "prometheus.yml"), StringComparison.Ordinal);
        Assert.Equal("traces:4317", Map(Map(Collector["exporters"])["otlp/traces"])["endpoint"]);
        // It takes OTLP only when told so.
        Assert.Equal("true", Map(Map(Services["traces"])["environment"])["COLLECTOR_OTLP_ENABLED"]);
        Assert.Equal(["--config=/etc/cdr/config.yml"], (List<object?>)Map(Services["otel-collector"])["command"]!);
        Assert.Contains("./deploy/otel-collector:/etc/cdr:ro", (List<object?>)Map(Services["otel-collector"])["volumes"]!);
    }

    [Fact]
    public void Grafana_is_given_its_sources_and_the_folder_that_its_dashboards_are_mounted_at()
    {
        var sources = Yaml.Read(Files.Read("deploy", "grafana", "provisioning", "datasources", Path.GetFileName(Files.In("deploy/grafana/provisioning/datasources", "*.y*ml").Single())));
        Assert.Equal(1d, sources["apiVersion"]);
        foreach (var source in ((List<object?>)sources["datasources"]!).Select(Map))
        {
            Assert.Empty(source.Keys.Except(["name", "uid", "type", "access", "url", "isDefault", "jsonData", "editable"]));
            Assert.Equal("proxy", source["access"]);
            Assert.Contains(new Uri((string)source["url"]!).Host, Services.Keys);
        }

        var boards = Yaml.Read(Files.Read("deploy", "grafana", "provisioning", "dashboards", Path.GetFileName(Files.In("deploy/grafana/provisioning/dashboards", "*.y*ml").Single())));
        Assert.Equal(1d, boards["apiVersion"]);
        var provider = Map(Assert.Single((List<object?>)boards["providers"]!));
        Assert.Equal("file", provider["type"]);
        var mounts = (List<object?>)Map(Services["grafana"])["volumes"]!;
        Assert.Contains($"./deploy/grafana/dashboards:{Map(provider["options"])["path"]}:ro", mounts);
        Assert.Contains("./deploy/grafana/provisioning:/etc/grafana/provisioning:ro", mounts);
    }

    /// <summary>Twenty-four columns; a panel of no known kind is an empty frame, and one over another is not seen.</summary>
    [Fact]
    public void Every_panel_is_one_that_Grafana_draws_in_a_place_of_its_own()
    {
        foreach (var path in Files.In("deploy/grafana/dashboards", "*.json"))
        {
            var board = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
            Assert.Equal(39, board.GetProperty("schemaVersion").GetInt32());
            HashSet<(int, int)> taken = [];
            foreach (var panel in board.GetProperty("panels").EnumerateArray())
            {
                Assert.Equal("timeseries", panel.GetProperty("type").GetString());
                Assert.Empty(panel.EnumerateObject().Select(one => one.Name).Except(["id", "title", "type", "datasource", "gridPos", "fieldConfig", "targets", "description", "options"]));
                Assert.Contains(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString(), (string[])["short", "s", "h", "d", "reqps", "ops", "percentunit", "bytes", "Bps"]);
                var at = panel.GetProperty("gridPos");
                var (x, y, w, h) = (at.GetProperty("x").GetInt32(), at.GetProperty("y").GetInt32(), at.GetProperty("w").GetInt32(), at.GetProperty("h").GetInt32());
                Assert.True(x >= 0 && w > 0 && x + w <= 24, path);
                foreach (var cell in Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(row => (column, row))))
                    Assert.True(taken.Add(cell), $"{Path.GetFileName(path)}: {panel.GetProperty("title")} lies over another");
                Assert.Equal(panel.GetProperty("targets").GetArrayLength(), panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("refId").GetString()).Distinct().Count());
            }
        }
    }

    private static IEnumerable<string> Leaves(object? value, string path) => value is Dictionary<string, object?> map
        ? map.SelectMany(one => Leaves(one.Value, path.Length == 0 ? one.Key : $"{path}/{one.Key}"))
        : path.Length == 0 ? [] : [path];

    private static Dictionary<string, object?> Map(object? value) => Assert.IsType<Dictionary<string, object?>>(value);
}
