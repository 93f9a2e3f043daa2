using Cdr.Architecture.Tests.Rules;

namespace Cdr.Architecture.Tests;

public sealed class SourceTests
{
    private static readonly (string, string) Registry = ("shared/regimes.json", """{"regimes":[{"id":"msa"},{"id":"ccas-ratp"}]}""");

    [Fact]
    public void A_store_has_one_service_and_its_name()
    {
        Assert.True(Tree.Real.Sources("services/").Count(file => file.Value.Contains("AddStore<", StringComparison.Ordinal)) >= 3);
        Assert.Empty(SourceRules.AStoreHasOneService(Tree.Real));
    }

    [Theory]
    [InlineData("""builder.AddStore<UsageDb>("Rights");""")]
    [InlineData("""const string Other = "Rights"; builder.AddStore<UsageDb>(Other);""")]
    [InlineData("""builder.AddStore<UsageDb>(Unknown);""")]
    [InlineData("""services.AddDbContext<RightsDb>(options => { });""")]
    [InlineData("""services.AddPooledDbContextFactory<RightsDb>(options => { });""")]
    public void Another_services_store_is_seen(string call) => Assert.Single(SourceRules.AStoreHasOneService(Tree.Of(("services/usage/UsageModule.cs", call))));

    [Fact]
    public void A_context_of_two_services_is_seen() =>
        Assert.Single(SourceRules.AStoreHasOneService(Tree.Of(
            ("services/usage/UsageModule.cs", """builder.AddStore<SharedDb>("Usage")"""), ("services/rights/RightsModule.cs", """builder.AddStore<SharedDb>("Rights", appendOnly: true)"""))));

    [Fact]
    public void Configuration_is_read_where_things_are_registered() => Assert.Empty(SourceRules.ConfigurationIsReadWhereThingsAreRegistered(Tree.Real));

    [Theory]
    [InlineData("internal sealed class Asks(IConfiguration configuration);")]
    [InlineData("var every = builder.Configuration[\"Usage:Every\"];")]
    [InlineData("var name = app.Configuration.GetConnectionString(\"Rights\");")]
    public void A_use_case_that_reads_the_configuration_is_seen(string source)
    {
        Assert.Single(SourceRules.ConfigurationIsReadWhereThingsAreRegistered(Tree.Of(("services/usage/Features/Ask.cs", source))));
        Assert.Empty(SourceRules.ConfigurationIsReadWhereThingsAreRegistered(Tree.Of(("services/usage/UsageModule.cs", source))));
    }

    [Fact]
    public void Files_stay_short_enough_to_read() => Assert.Empty(SourceRules.FilesAreRead(Tree.Real));

    [Fact]
    public void A_file_of_401_lines_is_seen()
    {
        Assert.Single(SourceRules.FilesAreRead(Tree.Of(("shared/Cdr.Domain/Long.cs", new string('\n', 400)))));
        Assert.Empty(SourceRules.FilesAreRead(Tree.Of(("shared/Cdr.Domain/Long.cs", new string('\n', 399)))));
    }

    [Fact]
    public void Folders_say_what_they_hold() => Assert.Empty(SourceRules.FoldersSayWhatTheyHold(Tree.Real));

    [Theory]
    [InlineData("services/usage/Helpers/Text.cs")]
    [InlineData("shared/Cdr.Core/Text.cs")]
    [InlineData("tests/Common/Text.cs")]
    [InlineData("shared/BuildingBlocks/Text.cs")]
    public void A_folder_that_holds_anything_is_seen(string path) => Assert.Single(SourceRules.FoldersSayWhatTheyHold(Tree.Of((path, ""))));

    [Fact]
    public void No_regime_is_named_in_code()
    {
        Assert.Contains("\"id\": \"cnam\"", Tree.Real.Files["shared/regimes.json"], StringComparison.Ordinal);
        Assert.Empty(SourceRules.NoRegimeIsNamedInCode(Tree.Real));
    }

    [Theory]
    [InlineData("if (regime.Id == \"msa\")", 1)]
    [InlineData("var path = $\"regimes/ccas-ratp/{id}\";", 1)]
    [InlineData("var address = \"http://msa\";", 1)]
    [InlineData("/// <summary>As <c>msa:1:12</c>.</summary>", 0)]
    [InlineData("var other = \"msa-of-another\"; // not \"msa\"", 0)]
    public void A_regime_in_a_literal_is_seen_and_in_a_comment_is_not(string source, int faults) =>
        Assert.Equal(faults, SourceRules.NoRegimeIsNamedInCode(Tree.Of(Registry, ("services/rights/Ask.cs", source))).Count());
}
