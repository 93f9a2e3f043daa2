using System.Text.Json;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>What the chart makes of each example's values.</summary>
public sealed partial class ChartTests
{
    private static readonly string[] Services = ["portal", "rights", "sessions", "support", "usage"];
    private static readonly JsonElement Schema = JsonDocument.Parse(Chart.Schema).RootElement;

    public static TheoryData<string> Examples => [.. Chart.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Manifests_are_what_Kubernetes_knows_and_as_the_policies_ask(string example)
    {
        foreach (var (by, text) in await Chart.RenderAsync(example))
        {
            var manifests = new Manifests(text);
            Assert.True(manifests.All.Count >= 35, by);
            Assert.Empty(ClusterPolicies.Faults(manifests));
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_service_has_all_that_it_needs_and_what_is_named_is_there(string example)
    {
        foreach (var (_, text) in await Chart.RenderAsync(example))
        {
            var manifests = new Manifests(text);
            foreach (var name in Services.Select(service => "cdr-" + service))
            {
                var deployment = Assert.Single(manifests.Of<V1Deployment>(), one => one.Metadata.Name == name);
                var pod = deployment.Spec.Template;
                Assert.Equal(name, pod.Spec.ServiceAccountName);
                Assert.Single(manifests.Of<V1ServiceAccount>(), one => one.Metadata.Name == name);
                var job = Assert.Single(manifests.Of<V1Job>(), one => one.Metadata.Name.StartsWith(name + "-migrate-", StringComparison.Ordinal));
                foreach (var selector in (IDictionary<string, string>[])[
                    deployment.Spec.Selector.MatchLabels,
                    Assert.Single(manifests.Of<V1Service>(), one => one.Metadata.Name == name).Spec.Selector,
                    Assert.Single(manifests.Of<V1PodDisruptionBudget>(), one => one.Metadata.Name == name).Spec.Selector.MatchLabels,
                    Assert.Single(manifests.Of<V1NetworkPolicy>(), one => one.Metadata.Name == name).Spec.PodSelector.MatchLabels])
                {
                    Assert.NotEmpty(selector);
                    Assert.All(selector, label => Assert.Equal(label.Value, pod.Metadata.Labels[label.Key]));
                }

                // A migration is not the service: nobody sends it questions.
                var migration = job.Spec.Template.Metadata.Labels;
                Assert.Contains(deployment.Spec.Selector.MatchLabels, label => migration[label.Key] != label.Value);
            }

            Dangling(manifests);
        }
    }

    /// <summary>Who may call whom is who does.</summary>
    [Fact]
    public void Network_policies_let_through_the_calls_that_the_code_makes()
    {
        var values = (Dictionary<string, object?>)Chart.Defaults["services"]!;
        foreach (var service in Services)
        {
            var called = Directory.EnumerateFiles(Files.At("services", service), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Clients().Matches(File.ReadAllText(file))).Select(call => call.Groups[1].Value.ToLowerInvariant())
                // Every service asks Sessions for its keys, and whether a session lives.
                .Append("sessions").Where(one => one != service && one != "drawer").ToHashSet(StringComparer.Ordinal);
            // The door forwards to all.
            if (service == "portal")
                called.UnionWith(Services.Where(one => one != "portal"));
            var allowed = ((List<object?>)((Dictionary<string, object?>)values[service]!)["calls"]!).Cast<string>();
            Assert.Equal(called.Order(), allowed.Order());
        }
    }

    /// <summary>A setting that no service reads would be believed to be set.</summary>
    [Fact]
    public async Task Every_setting_is_one_that_some_service_has()
    {
        var sources = string.Concat(((string[])["services", "shared"]).SelectMany(folder => Directory.EnumerateFiles(Files.At(folder), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText));
        foreach (var example in Chart.Examples)
        {
            var maps = new Manifests((await Chart.RenderAsync(example))[0].Manifests).Of<V1ConfigMap>().Where(map => map.Data.Keys.Any(key => key.Contains("__", StringComparison.Ordinal))).ToList();
            // The host's own: a line an entry, with its trace.
            Assert.All(maps, map => Assert.Equal(("json", "true"), (map.Data["Logging__Console__FormatterName"], map.Data["Logging__Console__FormatterOptions__IncludeScopes"])));
            var settings = maps.SelectMany(map => map.Data.Keys).Where(key => key.Contains("__", StringComparison.Ordinal));
            foreach (var parts in settings.Select(key => key.Split("__")).Where(parts => parts[0] is not ("Kestrel" or "Logging")))
                Assert.All(parts.Where(part => !int.TryParse(part, out _)), part => Assert.Matches($"\\b{part}\\b", sources));
        }
    }

    [Fact]
    public async Task A_group_has_three_replicas_in_three_zones_and_a_country_as_many_at_least()
    {
        var group = new Manifests((await Chart.RenderAsync("regional-group"))[0].Manifests);
        Assert.All(group.Of<V1Deployment>(), one => Assert.Equal(3, one.Spec.Replicas));
        Assert.All(group.Of<V1Deployment>(), one => Assert.Contains(one.Spec.Template.Spec.TopologySpreadConstraints, spread => spread.TopologyKey == "topology.kubernetes.io/zone" && spread.WhenUnsatisfiable == "DoNotSchedule"));
        Assert.Contains(group.Of<V1Ingress>(), one => one.Metadata.Name == "cdr-mutual" && one.Metadata.Annotations["nginx.ingress.kubernetes.io/ssl-passthrough"] == "true");
        Assert.Equal(10, group.Of<ExternalSecret>().Count());

        var country = new Manifests((await Chart.RenderAsync("national"))[0].Manifests);
        Assert.Equal(5, country.Of<V2HorizontalPodAutoscaler>().Count());
        Assert.All(country.Of<V2HorizontalPodAutoscaler>(), one => Assert.True(one.Spec.MinReplicas >= 3 && one.Spec.MaxReplicas > one.Spec.MinReplicas));
        // Beside a scaler's number one of ours would be set again at each upgrade.
        Assert.All(country.Of<V1Deployment>(), one => Assert.Null(one.Spec.Replicas));
    }

    /// <summary>What renders without Helm's store has revision 1 for ever, and a job that is there is never run again nor changed.</summary>
    [Fact]
    public void A_migration_is_another_job_where_the_image_or_a_value_is_another_and_only_there()
    {
        string[] Names(string values, string? version = null) => [.. new Manifests(Chart.RenderByStandIn(Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read(values)), version: version)).Of<V1Job>().Select(one => one.Metadata.Name)];
        var names = Names("zones: 1");
        Assert.Equal(5, names.Length);
        Assert.Equal(names, Names("zones: 1"));
        Assert.Empty(names.Intersect(Names("image: { tag: 9.9.9 }")));
        Assert.Empty(names.Intersect(Names("migrations: { resources: { limits: { memory: 2Gi } } }")));
        // A new chart's pod may be another, and Kubernetes refuses to change a job.
        Assert.Empty(names.Intersect(Names("zones: 1", "9.9.9")));
        Assert.All(names, name => Assert.Matches("^cdr-[a-z]+-migrate-[0-9a-f]{8}$", name));
        Assert.All(new Manifests(Chart.RenderByStandIn(Chart.Values("one-hospital"))).Of<V1Job>(), one => Assert.Null(one.Spec.TtlSecondsAfterFinished));
    }

    /// <summary>The next replica would wait for ever for a volume that the one before holds.</summary>
    [Fact]
    public void What_holds_a_volume_of_one_node_ends_before_the_next_one_starts()
    {
        var hospital = Deployments("one-hospital");
        Assert.Equal("Recreate", hospital["cdr-sessions"].Spec.Strategy.Type);
        Assert.Equal("Recreate", hospital["cdr-rights"].Spec.Strategy.Type);
        Assert.All(hospital.Where(one => one.Key is not ("cdr-sessions" or "cdr-rights")), one => Assert.Equal("RollingUpdate", one.Value.Spec.Strategy.Type));
        Assert.Equal("RollingUpdate", Deployments("trial")["cdr-rights"].Spec.Strategy.Type);
        Assert.All(Deployments("regional-group").Values.Concat(Deployments("national").Values), one => Assert.Equal("RollingUpdate", one.Spec.Strategy.Type));
    }

    [Theory]
    [InlineData("trust: { shared: false }")]
    [InlineData("anchors: { shared: false }")]
    public void Several_replicas_on_a_volume_of_one_node_are_refused(string values)
    {
        foreach (var example in (string[])["regional-group", "national"])
        {
            var refused = Assert.Throws<InvalidOperationException>(() => Chart.RenderByStandIn(Yaml.Merge(Chart.Values(example), Yaml.Read(values))));
            Assert.Contains("ReadWriteMany", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_journals_anchors_have_a_volume_of_their_own()
    {
        foreach (var example in (string[])["one-hospital", "regional-group", "national"])
        {
            var pod = Deployments(example)["cdr-rights"].Spec.Template.Spec;
            var volume = Assert.Single(pod.Volumes, one => one.PersistentVolumeClaim?.ClaimName == "cdr-anchors");
            var folder = Assert.Single(pod.Containers.Single().VolumeMounts, one => one.Name == volume.Name).MountPath;
            var manifests = new Manifests(Chart.RenderByStandIn(Chart.Values(example)));
            Assert.Equal(folder, manifests.Of<V1ConfigMap>().Single(one => one.Metadata.Name == "cdr-rights").Data["Journal__Upkeep__AnchorFolder"]);
        }

        Assert.Contains("no anchors", Chart.Notes("trial"), StringComparison.Ordinal);
        Assert.DoesNotContain("no anchors", Chart.Notes("one-hospital"), StringComparison.Ordinal);
    }

    /// <summary>A dead zone's nodes are counted as empty otherwise, and hold every replacement back.</summary>
    [Fact]
    public void Replicas_are_spread_over_the_nodes_that_live() =>
        Assert.All(Deployments("regional-group").Values.SelectMany(one => one.Spec.Template.Spec.TopologySpreadConstraints), spread => Assert.Equal("Honor", spread.NodeTaintsPolicy));

    [Fact]
    public void Names_are_resolved_where_the_cluster_does_and_providers_are_reached_by_Sessions_alone()
    {
        var manifests = new Manifests(Chart.RenderByStandIn(Yaml.Merge(Chart.Values("regional-group"), Yaml.Read("dns: { namespace: openshift-dns, podLabels: { dns.operator.openshift.io/daemonset-dns: default }, ports: [5353], cidrs: [169.254.20.10/32] }"))));
        // Whoever speaks at all resolves names.
        var speak = manifests.Of<V1NetworkPolicy>().Where(one => one.Spec.Egress is { Count: > 0 }).ToList();
        Assert.True(speak.Count >= 10);
        Assert.All(speak, policy =>
        {
            var rule = Assert.Single(policy.Spec.Egress, rule => rule.Ports.Any(port => port.Protocol == "UDP"));
            Assert.Equal([("UDP", "5353"), ("TCP", "5353")], rule.Ports.Select(port => (port.Protocol, port.Port.Value)));
            Assert.Equal("openshift-dns", rule.To[0].NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]);
            Assert.Equal("default", rule.To[0].PodSelector.MatchLabels["dns.operator.openshift.io/daemonset-dns"]);
            Assert.Equal("169.254.20.10/32", rule.To[1].IpBlock.Cidr);
        });
        var providers = manifests.Of<V1NetworkPolicy>().Where(one => (one.Spec.Egress ?? []).Any(rule => (rule.To ?? []).Any(to => to.IpBlock?.Cidr == "203.0.113.16/28")));
        Assert.Equal("cdr-sessions", Assert.Single(providers).Metadata.Name);
    }

    [Fact]
    public void Every_node_of_a_store_is_reached_and_a_store_that_is_nowhere_is_refused()
    {
        var several = new Manifests(Chart.RenderByStandIn(Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read("stores: { postgresql: { cidrs: [10.20.0.10/32, 10.20.0.20/32] } }"))));
        foreach (var policy in several.Of<V1NetworkPolicy>().Where(one => one.Spec.Egress is { Count: > 0 }))
            Assert.Equal(["10.20.0.10/32", "10.20.0.20/32"], policy.Spec.Egress.Single(rule => rule.Ports.Any(port => port.Port.Value == "5432")).To.Select(to => to.IpBlock.Cidr));
        var refused = Assert.Throws<InvalidOperationException>(() => Chart.RenderByStandIn(Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read("stores: { redis: { cidrs: [] } }"))));
        Assert.Contains("where an external store is", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>It is imported at each start, and ends one where it is wrong: said by whoever wants it.</summary>
    [Fact]
    public void A_directory_file_is_read_where_it_is_named_and_not_otherwise()
    {
        Assert.DoesNotContain("DirectoryFile", Chart.RenderByStandIn(Chart.Values("one-hospital")), StringComparison.Ordinal);
        var named = new Manifests(Chart.RenderByStandIn(Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read("trust: { directory: directory.json }"))));
        var pod = named.Of<V1Deployment>().Single(one => one.Metadata.Name == "cdr-sessions").Spec.Template.Spec;
        var folder = pod.Containers.Single().VolumeMounts.Single(mount => mount.Name == pod.Volumes.Single(volume => volume.PersistentVolumeClaim is not null).Name).MountPath;
        Assert.Equal(folder + "/directory.json", named.Of<V1ConfigMap>().Single(map => map.Metadata.Name == "cdr-sessions").Data["Sessions__DirectoryFile"]);
    }

    /// <summary>A policy sees the address of a pod: a range of services' addresses lets nothing through.</summary>
    [Fact]
    public void A_trials_regimes_are_reached_by_the_labels_of_their_pods()
    {
        var manifests = new Manifests(Chart.RenderByStandIn(Chart.Values("trial")));
        var lets = manifests.Of<V1NetworkPolicy>().SelectMany(one => (one.Spec.Egress ?? []).Select(rule => (one.Metadata.Name, Rule: rule))).Where(one => one.Rule.To.Any(to => to.NamespaceSelector?.MatchLabels["kubernetes.io/metadata.name"] == "cdr-trial")).ToList();
        var (name, rule) = Assert.Single(lets);
        Assert.Equal("cdr-rights", name);
        Assert.Equal("simulator", Assert.Single(rule.To).PodSelector.MatchLabels["app"]);
        Assert.Equal("8080", Assert.Single(rule.Ports).Port.Value);
        Assert.DoesNotContain(manifests.Of<V1NetworkPolicy>().SelectMany(one => one.Spec.Egress ?? []).SelectMany(rule => rule.To ?? []), to => to.IpBlock is not null);
    }

    [Fact]
    public void A_registry_of_ones_own_is_mounted_where_Rights_is_told_to_read_it()
    {
        var manifests = new Manifests(Chart.RenderByStandIn(Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read("regimes: { registry: cdr-regimes }"))));
        var file = manifests.Of<V1ConfigMap>().Single(map => map.Metadata.Name == "cdr-rights").Data["Regimes__RegistryFile"];
        var mounting = manifests.Of<V1Deployment>().Where(one => one.Spec.Template.Spec.Volumes.Any(volume => volume.ConfigMap?.Name == "cdr-regimes"));
        var pod = Assert.Single(mounting, one => one.Metadata.Name == "cdr-rights").Spec.Template.Spec;
        var volume = Assert.Single(pod.Volumes, one => one.ConfigMap is not null);
        Assert.Equal(Path.GetDirectoryName(file), Assert.Single(pod.Containers.Single().VolumeMounts, mount => mount.Name == volume.Name).MountPath);
        // And not otherwise: the image's own.
        Assert.DoesNotContain("RegistryFile", Chart.RenderByStandIn(Chart.Values("one-hospital")), StringComparison.Ordinal);
    }

    [Fact]
    public void Mail_and_programs_that_are_told_are_reached_by_Support_alone()
    {
        var manifests = new Manifests(Chart.RenderByStandIn(Chart.Values("regional-group")));
        foreach (var (cidr, port) in new[] { ("192.0.2.25/32", "587"), ("192.0.2.26/32", "993"), ("198.51.100.64/26", "443") })
        {
            var lets = manifests.Of<V1NetworkPolicy>().Where(one => (one.Spec.Egress ?? []).Any(rule => (rule.To ?? []).Any(to => to.IpBlock?.Cidr == cidr) && rule.Ports.Single().Port.Value == port));
            Assert.Equal("cdr-support", Assert.Single(lets).Metadata.Name);
        }

        var settings = manifests.Of<V1ConfigMap>().Single(map => map.Metadata.Name == "cdr-support").Data;
        Assert.Equal((Chart.Values("regional-group")["origin"], "smtp.reseau-sante.example.fr"), (settings["Support__Mail__Portal"], settings["Support__Mail__Host"]));
    }

    private static Dictionary<string, V1Deployment> Deployments(string example) =>
        new Manifests(Chart.RenderByStandIn(Chart.Values(example))).Of<V1Deployment>().ToDictionary(one => one.Metadata.Name, StringComparer.Ordinal);

    [Fact]
    public void Values_are_as_their_schema_says()
    {
        Assert.Contains(ValuesSchema.Faults(Schema, Chart.Defaults), fault => fault.Contains("origin", StringComparison.Ordinal));
        Assert.All(Chart.Examples, example => Assert.Empty(ValuesSchema.Faults(Schema, Chart.Values(example))));
    }

    [Theory]
    [InlineData("origin: http://cdr.example.fr")]
    [InlineData("origin: https://cdr.example.fr/")]
    [InlineData("image: { tag: latest }")]
    [InlineData("regimes: { baseAddress: https://regimes.example.fr/v1 }")]
    [InlineData("services: { rights: { replica: 3 } }")]
    [InlineData("services: { rights: { replicas: 0 } }")]
    [InlineData("zones: three")]
    public void A_value_that_is_not_is_seen(string values) => Assert.NotEmpty(ValuesSchema.Faults(Schema, Yaml.Merge(Chart.Values("one-hospital"), Yaml.Read(values))));

    [Fact]
    public void After_an_installation_what_is_still_to_be_done_is_said()
    {
        Assert.Contains("https://cdr.ch-exemple.fr", Chart.Notes("one-hospital"), StringComparison.Ordinal);
        Assert.Contains("deploy/secrets", Chart.Notes("one-hospital"), StringComparison.Ordinal);
        Assert.DoesNotContain("deploy/secrets", Chart.Notes("national"), StringComparison.Ordinal);
        Assert.Contains("no backup", Chart.Notes("trial"), StringComparison.Ordinal);
    }

    /// <summary>Ports, settings, secrets and claims that are named are there, or are asked for in the notes.</summary>
    private static void Dangling(Manifests manifests)
    {
        var maps = manifests.Of<V1ConfigMap>().Select(one => one.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (_, pod, _) in manifests.Pods())
        {
            Assert.All(pod.Spec.Containers.SelectMany(container => container.EnvFrom ?? []), source => Assert.Contains(source.ConfigMapRef.Name, maps));
            foreach (var container in pod.Spec.Containers)
            {
                Assert.All(container.VolumeMounts, mount => Assert.Contains((pod.Spec.Volumes ?? []).Select(volume => volume.Name).Append("data"), name => name == mount.Name));
                Assert.All(pod.Spec.Volumes ?? [], volume => Assert.Contains(container.VolumeMounts, mount => mount.Name == volume.Name));
            }
        }

        foreach (var service in manifests.Of<V1Service>())
        {
            var ports = manifests.Pods().Where(one => one.Serves && service.Spec.Selector.All(label => one.Pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value))
                .SelectMany(one => one.Pod.Spec.Containers).SelectMany(container => container.Ports).Select(port => port.Name).ToList();
            Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, ports));
        }

        var services = manifests.Of<V1Service>().ToDictionary(one => one.Metadata.Name, StringComparer.Ordinal);
        foreach (var backend in manifests.Of<V1Ingress>().SelectMany(one => one.Spec.Rules).SelectMany(rule => rule.Http.Paths).Select(path => path.Backend.Service))
            Assert.Contains(services[backend.Name].Spec.Ports, port => port.Name == backend.Port.Name);
        Assert.All(manifests.Of<V2HorizontalPodAutoscaler>(), one => Assert.Contains(manifests.Of<V1Deployment>(), deployment => deployment.Metadata.Name == one.Spec.ScaleTargetRef.Name));
    }

    [GeneratedRegex("""AddServiceClient<\w+>\(\s*[\w.]+,\s*"(\w+)""")]
    private static partial Regex Clients();
}
