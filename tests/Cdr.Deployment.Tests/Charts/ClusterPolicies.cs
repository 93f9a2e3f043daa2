using k8s.Models;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>What no manifest may be without, and none may have.</summary>
internal static class ClusterPolicies
{
    private static readonly string[] Secrets = ["Password=", "password:", "amqp://", "-----BEGIN"];

    public static IEnumerable<string> Faults(Manifests manifests)
    {
        foreach (var (owner, pod, serves) in manifests.Pods())
        {
            foreach (var fault in OfPod(pod.Spec).Concat(pod.Spec.Containers.SelectMany(container => OfContainer(container, serves))))
                yield return $"{owner}: {fault}";
        }

        foreach (var map in manifests.Of<V1ConfigMap>())
        {
            foreach (var (key, value) in map.Data.Where(one => one.Key.StartsWith("ConnectionStrings", StringComparison.Ordinal) || Secrets.Any(secret => one.Value.Contains(secret, StringComparison.OrdinalIgnoreCase))))
                yield return $"{map.Metadata.Name}: {key} is a secret in a ConfigMap ({value.Length} characters)";
        }

        foreach (var twice in manifests.All.GroupBy(one => one.Kind + "/" + one.Metadata.Name).Where(group => group.Count() > 1))
            yield return $"{twice.Key} is there twice";
    }

    private static IEnumerable<string> OfPod(V1PodSpec pod)
    {
        if (pod.SecurityContext is not { RunAsNonRoot: true, RunAsUser: > 0, SeccompProfile.Type: "RuntimeDefault" })
            yield return "may be root, or is not confined";
        if (pod.AutomountServiceAccountToken != false)
            yield return "holds a token of the cluster";
        if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true || pod.Volumes.Any(volume => volume.HostPath is not null))
            yield return "reaches into its node";
    }

    private static IEnumerable<string> OfContainer(V1Container container, bool serves)
    {
        if (container.SecurityContext is not { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true } security || security.Privileged == true || security.Capabilities?.Drop?.Contains("ALL") != true)
            yield return $"{container.Name} has more rights than it needs";
        if (!Has(container.Resources?.Limits) || !Has(container.Resources?.Requests))
            yield return $"{container.Name} has no limits";
        if (serves && (container.LivenessProbe is null || container.ReadinessProbe is null || container.StartupProbe is null))
            yield return $"{container.Name} is not asked how it does";
        if (!container.Image.Contains(':', StringComparison.Ordinal) || container.Image.EndsWith(":latest", StringComparison.Ordinal))
            yield return $"{container.Name} is of any version";
        foreach (var variable in container.Env ?? [])
        {
            if (variable.Value is { } value && !value.StartsWith('/') && variable.Name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase))
                yield return $"{variable.Name} is a secret in plain sight";
        }
    }

    private static bool Has(IDictionary<string, ResourceQuantity>? quantities) => quantities is not null && quantities.ContainsKey("cpu") && quantities.ContainsKey("memory");
}
