namespace Cdr.Domain.Tests;

public sealed class PersonalNumbersTests
{
    [Fact]
    public void An_RPPS_number_has_11_digits_and_its_key()
    {
        var number = LuhnKeys.Append("1000123456");

        Assert.Equal(number, Rpps.Parse($" {number[..5]} {number[5..]} ").Value.Value);
        Assert.Equal("rpps-length", Rpps.Parse(number[..10]).Error?.Code);
        Assert.Equal("rpps-character", Rpps.Parse(number[..10] + "A").Error?.Code);
        Assert.Equal(("rpps-key-wrong", 10), Wrong(number, text => Rpps.Parse(text).Error));
    }

    [Theory]
    [InlineData("751234567")]
    [InlineData("2A1234567")]
    [InlineData("2b1234567")]
    [InlineData("9D1234567")]
    public void An_ADELI_number_starts_with_its_department(string text) =>
        Assert.Equal(text.ToUpperInvariant(), Adeli.Parse(text).Value.Value);

    [Theory]
    [InlineData("7A1234567", "adeli-character", 1)]
    [InlineData("2C1234567", "adeli-character", 1)]
    [InlineData("9G1234567", "adeli-character", 1)]
    [InlineData("75123456", "adeli-length", null)]
    [InlineData("75 12A4567", "adeli-character", 5)]
    public void What_is_wrong_in_an_ADELI_number_is_named_where_it_is(string text, string code, int? position) =>
        Assert.Equal((code, position), (Adeli.Parse(text).Error?.Code, Adeli.Parse(text).Error?.Position));

    [Fact]
    public void A_work_accident_number_has_8_digits_and_a_key()
    {
        var number = LuhnKeys.Append("12345678");

        Assert.Equal(number, WorkAccidentNumber.Parse(number).Value.Value);
        Assert.Equal("work-accident-number-length", WorkAccidentNumber.Parse(number[..8]).Error?.Code);
        Assert.Equal(("work-accident-number-key-wrong", 8), Wrong(number, text => WorkAccidentNumber.Parse(text).Error));
    }

    [Fact]
    public void Numbers_of_people_are_masked_where_they_are_written()
    {
        var rpps = LuhnKeys.Append("1000123456");

        Assert.Equal($"••••••••{rpps[^3..]}", Rpps.Parse(rpps).Value.ToString());
        Assert.Equal("••••••567", Adeli.Parse("751234567").Value.ToString());
        Assert.Equal("•••••••••", WorkAccidentNumber.Parse(LuhnKeys.Append("12345678")).Value.ToString());
    }

    private static (string? Code, int? Position) Wrong(string number, Func<string, ParseError?> parse)
    {
        var error = parse($"{number[..^1]}{(number[^1] - '0' + 1) % 10}");
        return (error?.Code, error?.Position);
    }
}
