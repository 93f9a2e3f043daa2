namespace Cdr.Domain.Tests;

public sealed class FinessTests
{
    [Theory]
    [InlineData("750712184", "75")]
    [InlineData("690781810", "69")]
    [InlineData("130786049", "13")]
    [InlineData("2A0002689", "2A")]
    [InlineData("2A0002168", "2A")]
    public void A_published_number_is_read_with_its_department(string text, string department)
    {
        var finess = Finess.Parse(text).Value;

        Assert.Equal(text, finess.Value);
        Assert.Equal(text, finess.ToString());
        Assert.Equal(department, finess.Department.Code);
    }

    [Theory]
    [InlineData("97010000", "971")]
    [InlineData("97020000", "972")]
    [InlineData("97030000", "973")]
    [InlineData("97040000", "974")]
    [InlineData("98000000", "976")]
    [InlineData("01000000", "01")]
    public void Overseas_the_fourth_character_tells_and_Mayotte_starts_98(string eight, string department) =>
        Assert.Equal(department, Finess.Parse(LuhnKeys.Append(eight)).Value.Department.Code);

    [Theory]
    [InlineData("200102689", "2A0002689")]
    [InlineData(" 2a0 002 689", "2A0002689")]
    public void One_Corsican_establishment_has_one_value(string text, string value) =>
        Assert.Equal(Finess.Parse(value).Value, Finess.Parse(text).Value);

    [Fact]
    public void Haute_Corse_is_2002_for_its_key() =>
        Assert.Equal("2B", Finess.Parse($"2B00{LuhnKeys.Append("20021234")[4..]}").Value.Department.Code);

    [Theory]
    [InlineData("97050000")]
    [InlineData("97000000")]
    [InlineData("97060000")]
    [InlineData("96000000")]
    [InlineData("20000000")]
    [InlineData("00000000")]
    [InlineData("99000000")]
    public void A_number_of_no_department_is_refused(string eight)
    {
        var error = Finess.Parse(LuhnKeys.Append(eight)).Error;

        Assert.Equal(("finess-department-unknown", 0), (error?.Code, error?.Position));
    }

    [Theory]
    [InlineData("", "finess-missing", null)]
    [InlineData("75071218", "finess-length", null)]
    [InlineData("75 071 2185", "finess-key-wrong", 10)]
    [InlineData("2A0002688", "finess-key-wrong", 8)]
    [InlineData("2C0002689", "finess-character", 1)]
    [InlineData("7A0712184", "finess-character", 1)]
    [InlineData("75071218B", "finess-character", 8)]
    public void What_is_wrong_is_named_where_it_is(string text, string code, int? position)
    {
        var error = Finess.Parse(text).Error;

        Assert.Equal((code, position), (error?.Code, error?.Position));
    }
}
