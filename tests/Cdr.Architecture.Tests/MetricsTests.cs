using Cdr.Architecture.Tests.Rules;

namespace Cdr.Architecture.Tests;

/// <summary>What an operator reads in docs/metrics.md is what the services measure.</summary>
public sealed class MetricsTests
{
    private const string Counter = """meter.CreateCounter<long>("cdr.usage.batches", "{batch}", "Batches.");""";
    private const string Row = "| `cdr.usage.batches` | `{batch}` | counter | Usage | Batches. |";

    [Fact]
    public void Every_instrument_is_in_the_table_with_its_unit_and_nothing_else_is()
    {
        Assert.True(MetricRules.Instruments(Tree.Real).Count() >= 25);
        Assert.Empty(MetricRules.TheTableIsTheCode(Tree.Real, File.ReadAllText(Path.Combine(Tree.Root, "docs", "metrics.md"))));
    }

    [Fact]
    public void An_instrument_as_its_row_says_is_well() => Assert.Empty(MetricRules.TheTableIsTheCode(Tree.Of(("services/usage/Meter.cs", Counter)), Row));

    [Theory]
    [InlineData(Counter, "")]
    [InlineData("", Row)]
    [InlineData(Counter, "| `cdr.usage.batches` | `s` | counter | Usage | Batches. |")]
    [InlineData(Counter, "| `cdr.usage.batches` | `{batch}` | histogram | Usage | Batches. |")]
    [InlineData(Counter, "| `cdr.usage.batches` | `{batch}` | counter | Rights | Batches. |")]
    [InlineData("""meter.CreateCounter<long>(Name, "{batch}");""", "")]
    [InlineData("""meter.CreateCounter<long>("cdr.usage.batches");""", Row)]
    public void An_instrument_that_is_not_as_its_row_says_is_seen(string source, string table) =>
        Assert.NotEmpty(MetricRules.TheTableIsTheCode(Tree.Of(("services/usage/Meter.cs", source)), table));
}
