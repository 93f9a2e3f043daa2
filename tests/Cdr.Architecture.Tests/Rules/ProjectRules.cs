using System.Xml.Linq;

namespace Cdr.Architecture.Tests.Rules;

/// <summary>What project files may say. Each rule gives its faults, in words.</summary>
internal static class ProjectRules
{
    public static IEnumerable<string> DomainStandsAlone(Tree tree) =>
        from path in tree.Projects
        where path.EndsWith("/Cdr.Domain.csproj", StringComparison.Ordinal)
        from reference in tree.Project(path).Descendants().Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference" or "Reference")
        select $"{path} references {(string?)reference.Attribute("Include")}";

    public static IEnumerable<string> NoServiceReferencesAnother(Tree tree) =>
        from path in tree.Projects
        where path.StartsWith("services/", StringComparison.Ordinal)
        from reference in tree.Project(path).Descendants("ProjectReference")
        let target = ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')
        where !target.StartsWith("../../shared/", StringComparison.Ordinal)
        select $"{path} references {target}: services meet in contracts";

    /// <summary>It waits all day on somebody's workstation: no web framework, and of ours only what crosses the wall.</summary>
    public static IEnumerable<string> TheAgentIsSmall(Tree tree) =>
        from path in tree.Projects
        where path.EndsWith("/Cdr.EdgeAgent.csproj", StringComparison.Ordinal)
        from reference in tree.Project(path).Descendants()
        let target = ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')
        where reference.Name.LocalName == "FrameworkReference"
            || (reference.Name.LocalName == "ProjectReference" && !target.EndsWith("/Cdr.Contracts.csproj", StringComparison.Ordinal) && !target.EndsWith("/Cdr.Domain.csproj", StringComparison.Ordinal))
            || (string?)tree.Project(path).Attribute("Sdk") == "Microsoft.NET.Sdk.Web"
        select $"{path} carries {target}";

    public static IEnumerable<string> SharedReferencesOnlyShared(Tree tree) =>
        from path in tree.Projects
        where path.StartsWith("shared/", StringComparison.Ordinal)
        from reference in tree.Project(path).Descendants("ProjectReference")
        let target = ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')
        where !target.StartsWith("../Cdr.", StringComparison.Ordinal)
        select $"{path} references {target}";

    public static IEnumerable<string> EveryProjectIsInTheSolution(Tree tree) =>
        tree.Projects.Where(path => !tree.Files["cdr-platform.sln"].Replace('\\', '/').Contains($"\"{path}\"", StringComparison.Ordinal)).Select(path => $"{path} is in no solution");

    public static IEnumerable<string> OneVersionAPackage(Tree tree)
    {
        var stated = from path in tree.Projects
                     from reference in tree.Project(path).Descendants().Where(element => element.Name.LocalName is "PackageReference" or "GlobalPackageReference")
                     where Says(reference, "Version") || Says(reference, "VersionOverride")
                     select $"{path} states a version of {(string?)reference.Attribute("Include")}";
        var twice = XDocument.Parse(tree.Files["Directory.Packages.props"]).Descendants("PackageVersion")
            .GroupBy(version => (string?)version.Attribute("Include"), StringComparer.OrdinalIgnoreCase)
            .Where(versions => versions.Count() > 1)
            .Select(versions => $"Directory.Packages.props has {versions.Key} {versions.Count()} times");
        return stated.Concat(twice);
    }

    private static bool Says(XElement reference, string name) => reference.Attribute(name) is not null || reference.Element(name) is not null;
}
