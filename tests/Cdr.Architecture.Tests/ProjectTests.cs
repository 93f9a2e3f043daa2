using Cdr.Architecture.Tests.Rules;

namespace Cdr.Architecture.Tests;

public sealed class ProjectTests
{
    [Fact]
    public void The_domain_references_no_package_and_no_project()
    {
        Assert.Contains(Tree.Real.Projects, path => path.EndsWith("/Cdr.Domain.csproj", StringComparison.Ordinal));
        Assert.Empty(ProjectRules.DomainStandsAlone(Tree.Real));
    }

    [Theory]
    [InlineData("PackageReference", "Newtonsoft.Json")]
    [InlineData("ProjectReference", "../Cdr.Contracts/Cdr.Contracts.csproj")]
    [InlineData("FrameworkReference", "Microsoft.AspNetCore.App")]
    public void A_domain_that_references_something_is_seen(string kind, string what) =>
        Assert.Single(ProjectRules.DomainStandsAlone(Tree.Of(("shared/Cdr.Domain/Cdr.Domain.csproj", Project($"""<{kind} Include="{what}" />""")))));

    [Fact]
    public void No_service_references_another()
    {
        Assert.True(Tree.Real.Projects.Count(path => path.StartsWith("services/", StringComparison.Ordinal)) >= 4);
        Assert.Empty(ProjectRules.NoServiceReferencesAnother(Tree.Real));
        Assert.Empty(ProjectRules.SharedReferencesOnlyShared(Tree.Real));
    }

    [Theory]
    [InlineData("../rights/Cdr.Rights.csproj")]
    [InlineData(@"..\rights\Cdr.Rights.csproj")]
    [InlineData("../../deploy/local/Cdr.Local.csproj")]
    public void A_service_that_references_another_is_seen(string target)
    {
        var project = Project($"""<ProjectReference Include="{target}" />""");
        Assert.Single(ProjectRules.NoServiceReferencesAnother(Tree.Of(("services/usage/Cdr.Usage.csproj", project))));
        Assert.Single(ProjectRules.SharedReferencesOnlyShared(Tree.Of(("shared/Cdr.Contracts/Cdr.Contracts.csproj", project.Replace("../rights", "../../services/rights", StringComparison.Ordinal)))));
    }

    [Fact]
    public void The_workstations_agent_is_small()
    {
        Assert.Contains("services/edge-agent/Cdr.EdgeAgent.csproj", Tree.Real.Projects);
        Assert.Empty(ProjectRules.TheAgentIsSmall(Tree.Real));
    }

    [Theory]
    [InlineData("ProjectReference", "../../shared/Cdr.ServiceDefaults/Cdr.ServiceDefaults.csproj")]
    [InlineData("FrameworkReference", "Microsoft.AspNetCore.App")]
    public void An_agent_that_carries_a_web_framework_is_seen(string kind, string what) =>
        Assert.Single(ProjectRules.TheAgentIsSmall(Tree.Of(("services/edge-agent/Cdr.EdgeAgent.csproj", Project($"""<{kind} Include="{what}" />""")))));

    [Fact]
    public void Every_project_is_in_the_solution() => Assert.Empty(ProjectRules.EveryProjectIsInTheSolution(Tree.Real));

    [Fact]
    public void A_project_outside_the_solution_is_seen() =>
        Assert.Equal(
            ["services/support/Cdr.Support.csproj is in no solution"],
            ProjectRules.EveryProjectIsInTheSolution(Tree.Of(
                ("cdr-platform.sln", """Project("{…}") = "Cdr.Usage", "services\usage\Cdr.Usage.csproj", "{…}" """),
                ("services/usage/Cdr.Usage.csproj", Project("")),
                ("services/support/Cdr.Support.csproj", Project("")))));

    [Fact]
    public void A_package_has_one_version() => Assert.Empty(ProjectRules.OneVersionAPackage(Tree.Real));

    [Theory]
    [InlineData("""<PackageReference Include="Refit" Version="8.0.0" />""")]
    [InlineData("""<PackageReference Include="Refit" VersionOverride="8.0.0" />""")]
    [InlineData("""<PackageReference Include="Refit"><Version>8.0.0</Version></PackageReference>""")]
    public void A_version_of_a_projects_own_is_seen(string reference) =>
        Assert.Single(ProjectRules.OneVersionAPackage(Tree.Of(("services/usage/Cdr.Usage.csproj", Project(reference)), ("Directory.Packages.props", Project("")))));

    [Fact]
    public void A_package_listed_twice_is_seen() =>
        Assert.Single(ProjectRules.OneVersionAPackage(Tree.Of(("Directory.Packages.props",
            Project("""<PackageVersion Include="Refit" Version="16.4.0" /><PackageVersion Include="refit" Version="8.0.0" />""")))));

    private static string Project(string items) => $"<Project><ItemGroup>{items}</ItemGroup></Project>";
}
