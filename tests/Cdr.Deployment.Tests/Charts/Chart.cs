namespace Cdr.Deployment.Tests.Charts;

/// <summary>helm/cdr-platform, rendered: by Helm where it is installed, by the stand-in always.</summary>
internal static class Chart
{
    private const string Folder = "helm/cdr-platform";
    private const string Release = "cdr";
    private static int told;

    public static IReadOnlyList<string> Examples { get; } = [.. Files.In(Folder + "/examples", "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path))];

    public static Dictionary<string, object?> Defaults { get; } = Yaml.Read(Files.Read(Folder, "values.yaml"));

    public static string Schema { get; } = Files.Read(Folder, "values.schema.json");

    public static Dictionary<string, object?> Values(string example) => Yaml.Merge(Defaults, Yaml.Read(Files.Read(Folder, "examples", example + ".yaml")));

    /// <summary>Each way of rendering, with what came of it.</summary>
    public static async Task<IReadOnlyList<(string By, string Manifests)>> RenderAsync(string example)
    {
        List<(string By, string Manifests)> all = [("the stand-in", RenderByStandIn(Values(example)))];
        if (Tool.Find("helm") is null)
        {
            if (Interlocked.Exchange(ref told, 1) == 0)
                Console.WriteLine("HELM IS NOT INSTALLED: its chart was rendered by a STAND-IN of these tests, for the part of the template language that the chart uses. « helm template » was NOT run.");
            return all;
        }

        var (code, output) = await Tool.RunAsync("helm", "template", Release, Files.At(Folder), "--namespace", "cdr", "-f", Files.At(Folder, "examples", example + ".yaml"));
        Assert.True(code == 0, output);
        all.Add(("helm", output));
        return all;
    }

    public static string RenderByStandIn(Dictionary<string, object?> values, string? instead = null, string? version = null)
    {
        var template = new Template(path => File.Exists(Files.At(Folder, path)) ? Files.Read(Folder, path) : throw new InvalidOperationException($"The chart has no {path}."));
        template.Define(Files.Read(Folder, "templates", "_helpers.tpl"));
        var chart = Yaml.Read(Files.Read(Folder, "Chart.yaml"));
        var scope = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Values"] = values,
            ["Release"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["Name"] = Release, ["Namespace"] = "cdr", ["Service"] = "Helm", ["Revision"] = 1L },
            ["Chart"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["Name"] = chart["name"], ["Version"] = version ?? chart["version"], ["AppVersion"] = chart["appVersion"] },
        };
        return instead is not null
            ? template.Render(instead, scope)
            : string.Join("\n---\n", Files.In(Folder + "/templates", "*.yaml").Select(path => template.Render(File.ReadAllText(path), scope)));
    }

    /// <summary>What is said after an installation.</summary>
    public static string Notes(string example) => Notes(Values(example));

    public static string Notes(Dictionary<string, object?> values) => RenderByStandIn(values, Files.Read(Folder, "templates", "NOTES.txt"));
}
