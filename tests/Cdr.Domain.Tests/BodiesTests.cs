namespace Cdr.Domain.Tests;

public sealed class BodiesTests
{
    [Theory]
    [InlineData("017510000")]
    [InlineData("01 751 0000")]
    [InlineData("01-751-0000")]
    public void An_organism_is_regime_caisse_centre(string text)
    {
        var organism = Organism.Parse(text).Value;

        Assert.Equal(("017510000", "01", "751", "0000"), (organism.Value, organism.RegimeCode, organism.Caisse, organism.Centre));
        Assert.Equal("01 751 0000", organism.ToString());
        Assert.Equal(organism, Organism.Parse(organism.ToString()).Value);
    }

    [Theory]
    [InlineData("01751000", "organism-length", null)]
    [InlineData("0175A0000", "organism-character", 4)]
    [InlineData("01 751 00é0", "organism-character", 9)]
    [InlineData("99999997", "organism-length", null)]
    public void What_is_wrong_in_an_organism_is_named_where_it_is(string text, string code, int? position) =>
        Assert.Equal((code, position), (Organism.Parse(text).Error?.Code, Organism.Parse(text).Error?.Position));

    [Fact]
    public void A_centre_may_have_letters() => Assert.Equal("00A1", Organism.Parse("0175100a1").Value.Centre);

    [Theory]
    [InlineData("99999997", ComplementaryBodyKind.C2sManagedByCaisse)]
    [InlineData("88888888", ComplementaryBodyKind.C2sManagedSeparately)]
    [InlineData("75500017", ComplementaryBodyKind.Ame)]
    [InlineData("75500018", ComplementaryBodyKind.Other)]
    public void The_known_complementary_bodies_are_recognised(string text, ComplementaryBodyKind kind)
    {
        var body = ComplementaryBody.Parse(text).Value;

        Assert.Equal((kind, text, text), (body.Kind, body.Value, body.ToString()));
    }

    [Theory]
    [InlineData("9999999", "complementary-body-length")]
    [InlineData("017510000", "complementary-body-length")]
    [InlineData("9999999A", "complementary-body-character")]
    public void An_organism_is_not_a_complementary_body(string text, string code) =>
        Assert.Equal(code, ComplementaryBody.Parse(text).Error?.Code);
}
