namespace Cdr.Deployment.Tests.Charts;

/// <summary>What the checks of the chart are there to see.</summary>
public sealed class ChartFaultTests
{
    private static readonly string Group = Chart.RenderByStandIn(Chart.Values("regional-group"));

    [Theory]
    [InlineData("runAsNonRoot: true", "runAsNonRoot: false")]
    [InlineData("runAsUser: 1654", "runAsUser: 0")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")]
    [InlineData("drop: [ALL]", "drop: []")]
    [InlineData("automountServiceAccountToken: false\n      enableServiceLinks: false\n      # Questions", "enableServiceLinks: false\n      # Questions")]
    [InlineData("          readinessProbe:\n            httpGet: { path: /health/ready, port: http }\n            periodSeconds: 5\n            timeoutSeconds: 6\n            failureThreshold: 2\n", "")]
    [InlineData("              memory: \"768Mi\"\n", "")]
    [InlineData("registry.example.fr/cdr/cdr-rights:0.1.0", "registry.example.fr/cdr/cdr-rights:latest")]
    [InlineData("  Services__Rights: http://cdr-rights:8080", "  ConnectionStrings__Rights: Host=db;Username=cdr;Password=x")]
    [InlineData("  Services__Rights: http://cdr-rights:8080", "  Anything: amqp://cdr:secret@broker")]
    [InlineData("name: cdr-usage\n", "name: cdr-rights\n")]
    public void A_manifest_that_is_not_as_it_should_be_is_seen(string written, string instead)
    {
        Assert.Contains(written, Group, StringComparison.Ordinal);
        Assert.NotEmpty(ClusterPolicies.Faults(new Manifests(Group.Replace(written, instead, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("terminationGracePeriodSeconds: 60", "terminationGracePeriod: 60")]
    [InlineData("maxUnavailable: 1\n", "maxUnavailabel: 1\n")]
    [InlineData("kind: PodDisruptionBudget", "kind: PodDisruption")]
    public void What_Kubernetes_does_not_know_is_refused(string written, string instead)
    {
        Assert.Contains(written, Group, StringComparison.Ordinal);
        var exception = Record.Exception(() => new Manifests(Group.Replace(written, instead, StringComparison.Ordinal)));
        Assert.True(exception is YamlDotNet.Core.YamlException or InvalidOperationException, exception?.ToString());
    }

    [Theory]
    [InlineData("{{ with .Values.image }}{{ end }}")]
    [InlineData("{{ range .Values.knownProxies }}{{ end }}")]
    [InlineData("{{ if true }}{{ else if true }}{{ end }}")]
    [InlineData("{{ $x := 1 }}")]
    [InlineData("{{ .Values.zones | upper }}")]
    [InlineData("{{ tpl .Values.origin . }}")]
    [InlineData("{{ template \"cdr.labels\" . }}")]
    [InlineData("{{ .Values.image }}")]
    [InlineData("{{ gt .Values.zones 1 }}")]
    [InlineData("{{ lookup \"v1\" \"Secret\" \"a\" \"b\" }}")]
    public void What_the_stand_in_does_not_know_it_refuses(string template) =>
        Assert.ThrowsAny<UnknownTemplateException>(() => Chart.RenderByStandIn(Chart.Values("one-hospital"), template));

    [Theory]
    [InlineData("{{ .Values.nothing }}")]
    [InlineData("{{ if .Values.image.nothing }}{{ end }}")]
    [InlineData("{{ include \"nothing\" . }}")]
    [InlineData("{{ required \"said\" .Values.image.tag }}")]
    [InlineData("{{ .Files.Get \"files/nothing.yml\" }}")]
    [InlineData("{{ if true }}")]
    [InlineData("{{ if eq .Values.zones 1 }}{{ end }}")]
    public void What_is_not_there_is_an_error(string template) =>
        Assert.ThrowsAny<InvalidOperationException>(() => Chart.RenderByStandIn(Chart.Values("one-hospital"), template));

    /// <summary>As Go's templates and Sprig do, by their documentation.</summary>
    [Theory]
    [InlineData("a  {{- 1 -}}  b", "a1b")]
    [InlineData("{{ /* said to nobody */ }}x", "x")]
    [InlineData("{{ if and true (eq 1 2) }}a{{ else }}b{{ end }}", "b")]
    [InlineData("{{ if not (has \"a\" (list \"b\")) }}a{{ end }}", "a")]
    [InlineData("{{ range $i, $one := list \"x\" \"y\" }}{{ $i }}{{ $one }};{{ end }}", "0x;1y;")]
    [InlineData("{{ range $key, $one := dict \"b\" 1 \"a\" 2 }}{{ $key }}{{ $one }}{{ end }}", "a2b1")]
    [InlineData("{{ \"\" | default \"x\" | quote }}", "\"x\"")]
    [InlineData("{{ printf \"%s-b\" \"a\" }}", "a-b")]
    [InlineData("{{ toYaml (dict \"b\" (dict \"c\" \"1\") \"a\" true) | nindent 2 }}", "\n  a: true\n  b:\n    c: \"1\"")]
    [InlineData("{{ \"abc\" | sha256sum }}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("{{ \"abcdef\" | trunc 3 }}{{ trunc 9 \"ab\" }}", "abcab")]
    [InlineData("{{ gt (int .Values.zones) 1 }}{{ .Values.zones }}{{ .Release.Name }}", "false1cdr")]
    public void The_stand_in_does_as_Helm_does(string template, string rendered) =>
        Assert.Equal(rendered, Chart.RenderByStandIn(Chart.Values("one-hospital"), template));
}
