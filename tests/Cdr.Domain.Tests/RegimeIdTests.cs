namespace Cdr.Domain.Tests;

public sealed class RegimeIdTests
{
    [Theory]
    [InlineData("cnam")]
    [InlineData("ccas-ratp")]
    [InlineData("regime-18")]
    [InlineData("a123456789012345678901234567890123456789")]
    public void An_id_is_kebab_case(string text)
    {
        Assert.Equal(text, RegimeId.Parse(text).Value.Value);
        Assert.Equal(text, RegimeId.Parse(text).Value.ToString());
        Assert.Equal(RegimeId.Parse(text).Value, RegimeId.Parse(text).Value);
    }

    [Theory]
    [InlineData("", "regime-id-missing", null)]
    [InlineData("CNAM", "regime-id-character", 0)]
    [InlineData("cnam ", "regime-id-character", 4)]
    [InlineData("-cnam", "regime-id-character", 0)]
    [InlineData("cnam-", "regime-id-character", 4)]
    [InlineData("ccas--ratp", "regime-id-character", 5)]
    [InlineData("sénat", "regime-id-character", 1)]
    [InlineData("a1234567890123456789012345678901234567890", "regime-id-length", null)]
    public void An_id_is_not_put_right(string text, string code, int? position) =>
        Assert.Equal((code, position), (RegimeId.Parse(text).Error?.Code, RegimeId.Parse(text).Error?.Position));
}
