using System.Text.Json;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>What docs/operations.md has typed into a cluster, as far as it can be run without one.</summary>
public sealed partial class OperationsTests : IDisposable
{
    private static readonly string Page = Files.Read("docs", "operations.md");
    private readonly string folder = Directory.CreateTempSubdirectory("cdr-operations-").FullName;

    public static TheoryData<string> Applied => [.. Files.In("deploy/kubernetes", "*.yaml").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Applied))]
    public void What_is_applied_is_what_Kubernetes_knows_and_as_the_policies_ask_and_the_page_says_so(string file)
    {
        var manifests = new Manifests(Files.Read("deploy", "kubernetes", file));
        Assert.NotEmpty(manifests.All);
        Assert.Empty(ClusterPolicies.Faults(manifests));
        Assert.Contains($"-f deploy/kubernetes/{file}", Page, StringComparison.Ordinal);
    }

    /// <summary>The claims are those that the chart and the pod name; the collector is where services send, and what reads its configuration.</summary>
    [Fact]
    public void Names_of_what_is_applied_agree_with_the_charts()
    {
        var claims = new Manifests(Files.Read("deploy", "kubernetes", "claims.yaml")).Of<V1PersistentVolumeClaim>().Select(one => one.Metadata.Name).Order(StringComparer.Ordinal).ToList();
        var pods = new Manifests(Files.Read("deploy", "kubernetes", "volumes.yaml")).Of<V1Pod>().ToList();
        Assert.Equal(claims, pods.Select(pod => Assert.Single(pod.Spec.Volumes).PersistentVolumeClaim.ClaimName).Order(StringComparer.Ordinal));
        Assert.Equal(claims, new Manifests(Chart.RenderByStandIn(Chart.Values("one-hospital"))).Pods().SelectMany(one => one.Pod.Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        Assert.All(pods, pod => Assert.Contains($"pod/{pod.Metadata.Name}", Page, StringComparison.Ordinal));
        Assert.All(pods, pod => Assert.Equal("/mnt/" + pod.Metadata.Name["cdr-volume-".Length..], Assert.Single(pod.Spec.Containers.Single().VolumeMounts).MountPath));

        var collector = new Manifests(Files.Read("deploy", "kubernetes", "collector.yaml"));
        var endpoint = new Uri((string)((Dictionary<string, object?>)Chart.Values("one-hospital")["telemetry"]!)["endpoint"]!);
        var service = collector.Of<V1Service>().Single();
        Assert.Equal($"{service.Metadata.Name}.observability", endpoint.Host);
        Assert.Contains(service.Spec.Ports, port => port.Port == endpoint.Port);
        Assert.Contains("targets: [\"otel-collector.observability:8889\"]", Page, StringComparison.Ordinal);
        var spec = collector.Of<V1Deployment>().Single().Spec.Template.Spec;
        Assert.Contains($"create configmap {spec.Volumes.Single().ConfigMap.Name} --from-file=deploy/otel-collector/config.yml", Page, StringComparison.Ordinal);
        Assert.Equal(["--config=/etc/cdr/config.yml"], spec.Containers.Single().Args);
    }

    /// <summary>A volume of one node is attached where its service runs: anywhere else the pod would wait for ever. Without the service it is a pod's own label that lets it be put.</summary>
    [Fact]
    public void A_volume_is_read_where_its_service_runs_by_a_pod_that_is_no_part_of_the_release()
    {
        var chart = new Manifests(Chart.RenderByStandIn(Chart.Values("one-hospital")));
        var selectors = chart.Of<V1Service>().Select(one => one.Spec.Selector).Concat(chart.Of<V1NetworkPolicy>().Select(one => one.Spec.PodSelector.MatchLabels)).Concat(chart.Of<V1PodDisruptionBudget>().Select(one => one.Spec.Selector.MatchLabels)).ToList();
        Assert.True(selectors.Count >= 15);
        foreach (var pod in new Manifests(Files.Read("deploy", "kubernetes", "volumes.yaml")).Of<V1Pod>())
        {
            var claim = pod.Spec.Volumes.Single().PersistentVolumeClaim.ClaimName;
            var holder = Assert.Single(chart.Of<V1Deployment>(), one => one.Spec.Template.Spec.Volumes.Any(volume => volume.PersistentVolumeClaim?.ClaimName == claim)).Spec.Template;
            var term = Assert.Single(pod.Spec.Affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution);
            Assert.Equal("kubernetes.io/hostname", term.TopologyKey);
            Assert.True(Selects(term.LabelSelector.MatchLabels, holder.Metadata.Labels));
            Assert.True(Selects(term.LabelSelector.MatchLabels, pod.Metadata.Labels));
            Assert.DoesNotContain(chart.Pods(), one => one.Pod != holder && Selects(term.LabelSelector.MatchLabels, one.Pod.Metadata.Labels));
            Assert.DoesNotContain(selectors, selector => Selects(selector, pod.Metadata.Labels));
        }

        static bool Selects(IDictionary<string, string> selector, IDictionary<string, string> labels) => selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
    }

    /// <summary>A purge in a cluster is a migration's job with other words: the lines of the page, on what the chart renders.</summary>
    [Fact]
    public async Task A_purge_is_made_of_a_migration_by_the_lines_of_the_page()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "jobs.yaml"), "---\n" + Chart.RenderByStandIn(Chart.Values("one-hospital")), TestContext.Current.CancellationToken);
        var line = Purge().Match(Page).Groups[1].Value;
        Assert.NotEqual("", line);
        var (code, output) = await Tool.RunAsync("bash", "-c", $"set -euo pipefail; cat \"$1\" | {line}", "purge", Path.Combine(folder, "jobs.yaml"));
        Assert.True(code == 0, output);
        var job = Assert.IsType<V1Job>(Assert.Single(new Manifests(output).All));
        Assert.Equal("cdr-tickets-purge", job.Metadata.Name);
        Assert.Equal(["tickets", "purge", "--dry-run"], job.Spec.Template.Spec.Containers.Single().Args);
        Assert.Contains(job.Spec.Template.Spec.Volumes.Single(volume => volume.Projected is not null).Projected.Sources, source => source.Secret.Name == "cdr-support-owner");
        // What lets it reach the database.
        var policy = new Manifests(Chart.RenderByStandIn(Chart.Values("one-hospital"))).Of<V1NetworkPolicy>().Single(one => one.Metadata.Name == "cdr-support-migrate");
        Assert.All(policy.Spec.PodSelector.MatchLabels, label => Assert.Equal(label.Value, job.Spec.Template.Metadata.Labels[label.Key]));
    }

    /// <summary>Every service's connections name the external stores afterwards, and keep their passwords.</summary>
    [Fact]
    public async Task Addresses_of_external_stores_come_into_the_secrets_by_the_lines_of_the_page()
    {
        var edits = Page.Split('\n').Select(line => line.Trim()).Where(line => line.Contains(".hopital.fr", StringComparison.Ordinal) && line.Contains("sed -i", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, edits.Count);
        var (code, output) = await Tool.RunAsync("bash", "-c", $"set -euo pipefail; deploy/secrets \"$1/data/secrets\" >/dev/null; cd \"$1\"; {string.Join("; ", edits)}", "secrets", folder);
        Assert.True(code == 0, output);
        foreach (var service in (string[])["portal", "sessions", "rights", "usage", "support"])
        {
            var name = char.ToUpperInvariant(service[0]) + service[1..];
            Assert.Matches($"^Host=sql.hopital.fr;Port=5432;SSL Mode=VerifyFull;Database={service};Username={service};Password=[0-9a-f]{{48}}$", Secret(service, name));
            Assert.Matches($"^Host=sql.hopital.fr;Port=5432;SSL Mode=VerifyFull;Database={service};Username={service}_owner;Password=[0-9a-f]{{48}}$", Secret(service + "-owner", name + "Owner"));
            Assert.Matches("^redis.hopital.fr:6380,ssl=true,password=[0-9a-f]{48}$", Secret(service, "Redis"));
            Assert.Matches("^amqps://cdr:[0-9a-f]{48}@rabbitmq.hopital.fr:5671/cdr$", Secret(service, "RabbitMq"));
        }

        // And another user of the broker comes into what these lines made.
        var rotated = Line("sed -i -E \"s#(amqps?");
        var isEverywhere = Line("[[ -z $(grep -L //cdr2:").Split(" && ")[0];
        (code, output) = await Tool.RunAsync("bash", "-c", $"set -u; cd \"$1\"; new=0123; {isEverywhere} && echo deleted; {rotated}; echo rotated; {isEverywhere} && echo deleted", "rotate", folder);
        Assert.True(code == 0, output);
        Assert.Equal("rotated\ndeleted", output.Trim());
        foreach (var service in (string[])["portal", "sessions", "rights", "usage", "support"])
            Assert.Equal("amqps://cdr2:0123@rabbitmq.hopital.fr:5671/cdr", Secret(service, "RabbitMq"));

        static string Line(string with) => Page.Split('\n').Single(line => line.StartsWith(with, StringComparison.Ordinal));
        string Secret(string of, string name) => File.ReadAllText(Path.Combine(folder, "data", "secrets", of, "ConnectionStrings__" + name));
    }

    /// <summary>The jobs that rules name are those that compose scrapes and that the page asks for.</summary>
    [Fact]
    public void Scrape_jobs_that_rules_name_are_said()
    {
        var named = Jobs().Matches(Files.Read("deploy", "prometheus", "alerts.rules.yml")).Select(match => match.Groups[1].Value).Where(job => !job.StartsWith("cdr-", StringComparison.Ordinal) || job == "cdr-door").Distinct().ToList();
        Assert.Equal(["cdr-door", "otel-collector"], named.Order(StringComparer.Ordinal));
        Assert.All(named, job => Assert.Contains($"- job_name: {job}", Page, StringComparison.Ordinal));
        Assert.All(named, job => Assert.Contains($"- job_name: {job}", Files.Read("deploy", "prometheus", "prometheus.yml"), StringComparison.Ordinal));
    }

    /// <summary>JSON of the page is JSON.</summary>
    [Fact]
    public void Files_that_the_page_shows_can_be_read()
    {
        var files = Json().Matches(Page);
        Assert.Equal(2, files.Count);
        Assert.All(files, file => JsonDocument.Parse(file.Groups[1].Value));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [GeneratedRegex(@"helm template [^|]+\|\s+(awk [^\n]+?) \|\n  kubectl -n cdr create -f -")]
    private static partial Regex Purge();

    [GeneratedRegex("job=\"([^\"]+)\"")]
    private static partial Regex Jobs();

    [GeneratedRegex("```json\n(.+?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
