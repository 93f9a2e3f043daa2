using Cdr.Deployment.Tests.Observability;
using k8s;
using k8s.Models;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>Rendered manifests in Kubernetes' own types, read strictly: a field that it does not know is refused.</summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Func<string, IKubernetesObject<V1ObjectMeta>>> Kinds = new(StringComparer.Ordinal)
    {
        ["v1/ConfigMap"] = Strictly<V1ConfigMap>,
        ["v1/Service"] = Strictly<V1Service>,
        ["v1/Pod"] = Strictly<V1Pod>,
        ["v1/PersistentVolumeClaim"] = Strictly<V1PersistentVolumeClaim>,
        ["v1/ServiceAccount"] = Strictly<V1ServiceAccount>,
        ["apps/v1/Deployment"] = Strictly<V1Deployment>,
        ["apps/v1/StatefulSet"] = Strictly<V1StatefulSet>,
        ["batch/v1/Job"] = Strictly<V1Job>,
        ["policy/v1/PodDisruptionBudget"] = Strictly<V1PodDisruptionBudget>,
        ["autoscaling/v2/HorizontalPodAutoscaler"] = Strictly<V2HorizontalPodAutoscaler>,
        ["networking.k8s.io/v1/Ingress"] = Strictly<V1Ingress>,
        ["networking.k8s.io/v1/NetworkPolicy"] = Strictly<V1NetworkPolicy>,
        ["external-secrets.io/v1/ExternalSecret"] = Strictly<ExternalSecret>,
        ["monitoring.coreos.com/v1/PrometheusRule"] = Strictly<PrometheusRule>,
    };

    public Manifests(string text)
    {
        foreach (var document in text.Split("\n---").Select(one => one.Trim()).Where(HasContent))
        {
            var head = Yaml.Read(document);
            var kind = $"{head["apiVersion"]}/{head["kind"]}";
            All.Add(Kinds.TryGetValue(kind, out var read) ? read(document) : throw new InvalidOperationException($"{kind} is nothing that this chart makes."));
        }
    }

    public List<IKubernetesObject<V1ObjectMeta>> All { get; } = [];

    public IEnumerable<T> Of<T>() => All.OfType<T>();

    /// <summary>Every template of a pod, and who has it.</summary>
    public IEnumerable<(string Owner, V1PodTemplateSpec Pod, bool Serves)> Pods() =>
        Of<V1Deployment>().Select(one => (one.Metadata.Name, one.Spec.Template, true))
            .Concat(Of<V1StatefulSet>().Select(one => (one.Metadata.Name, one.Spec.Template, true)))
            .Concat(Of<V1Job>().Select(one => (one.Metadata.Name, one.Spec.Template, false)))
            .Concat(Of<V1Pod>().Select(one => (one.Metadata.Name, new V1PodTemplateSpec { Metadata = one.Metadata, Spec = one.Spec }, false)));

    private static bool HasContent(string document) =>
        document.Split('\n').Any(line => line.Trim() is { Length: > 0 } said && said != "---" && !said.StartsWith('#'));

    private static T Strictly<T>(string document) => KubernetesYaml.Deserialize<T>(document, strict: true);
}

/// <summary>As external-secrets.io/v1 has it, in the part used: Kubernetes' client knows nothing of it.</summary>
internal sealed class ExternalSecret : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ExternalSecretSpec Spec { get; set; } = new();
}

internal sealed class ExternalSecretSpec
{
    public string RefreshInterval { get; set; } = "";

    public Dictionary<string, string> SecretStoreRef { get; set; } = [];

    public Dictionary<string, string> Target { get; set; } = [];

    public List<Dictionary<string, Dictionary<string, string>>> DataFrom { get; set; } = [];
}

/// <summary>As monitoring.coreos.com/v1 has it, in the part used.</summary>
internal sealed class PrometheusRule : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public RuleFile Spec { get; set; } = new();
}
