namespace Cdr.Domain.Tests;

public sealed class NirTests
{
    [Theory]
    [InlineData("255081416802538", "2550814168025", "38")]
    [InlineData("279035121518989", "2790351215189", "89")]
    [InlineData("2550814168025", "2550814168025", "38")]
    [InlineData("2 55 08 14 168 025 38", "2550814168025", "38")]
    [InlineData("2\u00a055\u202f08.14-168\u2011025 38\u200b", "2550814168025", "38")]
    [InlineData(" 2 84 05 88 321 025 32\r\n", "2840588321025", "32")]
    public void A_good_number_is_read_however_it_was_pasted(string text, string value, string key)
    {
        var nir = Nir.Parse(text).Value;

        Assert.Equal((value, key, NirKind.Permanent), (nir.Value, nir.Key, nir.Kind));
        Assert.False(nir.IsCorsican);
    }

    [Fact]
    public void The_published_example_with_a_wrong_key_is_refused_at_its_key()
    {
        var error = Nir.Parse("2 84 05 88 321 025 30").Error;

        Assert.Equal(("nir-key-wrong", 19), (error?.Code, error?.Position));
        Assert.Equal("32", Nir.ComputeKey("2840588321025"));
    }

    [Theory]
    [InlineData("185052A033123", "1850519033123")]
    [InlineData("185052B033123", "1850518033123")]
    public void Corsica_counts_as_19_and_18_in_the_key(string corsican, string counted)
    {
        var nir = Nir.Parse(corsican.ToLowerInvariant()).Value;

        Assert.Equal(corsican, nir.Value);
        Assert.True(nir.IsCorsican);
        Assert.Equal(Nir.ComputeKey(counted), nir.Key);
    }

    [Theory]
    [InlineData("7550814168025", NirKind.Provisional, false)]
    [InlineData("7150814168025", NirKind.Provisional, true)]
    [InlineData("8250814168025", NirKind.Provisional, true)]
    [InlineData("8050814168025", NirKind.Provisional, true)]
    [InlineData("5555551680253", NirKind.Provisional, true)]
    [InlineData("5150814168025", NirKind.Migrant, true)]
    [InlineData("6299999999999", NirKind.Migrant, true)]
    [InlineData("6350814168025", NirKind.Migrant, false)]
    public void Numbers_without_a_key_are_told_by_their_start(string text, NirKind kind, bool valid)
    {
        var parsed = Nir.Parse(text);

        Assert.Equal(valid, parsed.IsValid);
        if (valid)
            Assert.Equal((text, null, kind), (parsed.Value.Value, parsed.Value.Key, parsed.Value.Kind));
        else
            Assert.Equal(("nir-second-digit-impossible", 1), (parsed.Error?.Code, parsed.Error?.Position));
    }

    [Fact]
    public void A_provisional_number_may_come_with_the_key_that_software_computes_and_with_no_other()
    {
        const string Number = "7150814168025";
        var honest = Nir.ComputeKey(Number);
        var other = honest == "01" ? "02" : "01";

        Assert.Equal(Nir.Parse(Number).Value, Nir.Parse(Number + honest).Value);
        Assert.Equal(("nir-key-unexpected", 13), (Nir.Parse(Number + other).Error?.Code, Nir.Parse(Number + other).Error?.Position));
    }

    [Theory]
    [InlineData("1555555123456")]
    [InlineData("2555555123456")]
    public void A_number_of_anonymous_care_is_read_as_fictitious(string text) =>
        Assert.Equal(NirKind.Fictitious, Nir.Parse(text).Value.Kind);

    [Theory]
    [InlineData(null, "nir-missing", null)]
    [InlineData(" - . ", "nir-missing", null)]
    [InlineData("25508141680", "nir-length", null)]
    [InlineData("25508141680253", "nir-length", null)]
    [InlineData("2550814168025380", "nir-length", null)]
    [InlineData("2 55 O8 14 168 025", "nir-character", 5)]
    [InlineData("2 55 08 1A 168 025", "nir-character", 9)]
    [InlineData("\uff12550814168025", "nir-character", 0)]
    [InlineData("2 55 00 14 168 025", "nir-month-impossible", 5)]
    [InlineData("2551314168025", "nir-month-impossible", 3)]
    [InlineData("2551914168025", "nir-month-impossible", 3)]
    [InlineData("3550814168025", "nir-first-digit-uncertain", 0)]
    [InlineData(" 4550814168025", "nir-first-digit-uncertain", 1)]
    [InlineData("0550814168025", "nir-first-digit-impossible", 0)]
    [InlineData("9550814168025", "nir-first-digit-impossible", 0)]
    [InlineData("715082A168025", "nir-character", 6)]
    [InlineData("255081416802500", "nir-key-wrong", 13)]
    [InlineData("255081416802598", "nir-key-wrong", 13)]
    public void What_is_wrong_is_named_where_it_is(string? text, string code, int? position)
    {
        var error = Nir.Parse(text).Error;

        Assert.Equal((code, position), (error?.Code, error?.Position));
    }

    [Theory]
    [InlineData("2550114168025")]
    [InlineData("2551014168025")]
    [InlineData("2551214168025")]
    [InlineData("2552014168025")]
    [InlineData("2559914168025")]
    public void Months_1_to_12_and_20_and_above_are_possible(string text) => Assert.True(Nir.Parse(text).IsValid);

    [Fact]
    public void A_number_is_masked_wherever_it_is_written()
    {
        var nir = Nir.Parse("255081416802538").Value;

        Assert.Equal("2 •• •• •• ••• •••", nir.ToString());
        Assert.Equal("2 •• •• •• ••• 025", nir.Masked);
        Assert.Equal("Question { Nir = 2 •• •• •• ••• ••• }", new Question(nir).ToString());
    }

    [Theory]
    [InlineData("255081416802")]
    [InlineData("255081A168025")]
    [InlineData("25508141680253")]
    [InlineData("x550814168025")]
    public void A_key_is_computed_of_13_characters_only(string text)
    {
        var exception = Assert.Throws<ArgumentException>(() => Nir.ComputeKey(text));

        Assert.DoesNotContain(text, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000000000001", "96")]
    [InlineData("0000000000096", "01")]
    [InlineData("0000000000097", "97")]
    public void A_key_has_two_digits_from_01_to_97(string thirteen, string key) =>
        Assert.Equal(key, Nir.ComputeKey(thirteen));

    private sealed record Question(Nir Nir);
}
