namespace Cdr.Domain.Tests;

public sealed class ParsedTests
{
    [Fact]
    public void A_valid_result_has_a_value_and_no_error()
    {
        var parsed = Parsed.Valid("cnam");

        Assert.True(parsed.IsValid);
        Assert.Equal("cnam", parsed.Value);
        Assert.Null(parsed.Error);
        Assert.True(parsed.TryGet(out var value, out _));
        Assert.Equal("cnam", value);
    }

    [Fact]
    public void The_value_of_an_invalid_result_cannot_be_read()
    {
        var error = new ParseError("nir-length", 3, "Trop court.");
        var parsed = Parsed.Invalid<string>(error);

        Assert.False(parsed.TryGet(out _, out var given));
        Assert.Same(error, given);
        Assert.Contains("nir-length", Assert.Throws<InvalidOperationException>(() => parsed.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_nobody_made_is_invalid()
    {
        Parsed<int> parsed = default;

        Assert.False(parsed.IsValid);
        Assert.Equal("not-parsed", parsed.Error?.Code);
        Assert.Throws<InvalidOperationException>(() => parsed.Value);
    }
}
