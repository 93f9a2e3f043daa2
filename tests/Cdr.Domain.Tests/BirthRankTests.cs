namespace Cdr.Domain.Tests;

public sealed class BirthRankTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData(" 9 ", 9)]
    public void A_rank_goes_from_1_to_9(string text, int rank)
    {
        Assert.Equal(rank, BirthRank.Parse(text).Value.Value);
        Assert.Equal(BirthRank.Create(rank).Value, BirthRank.Parse(BirthRank.Parse(text).Value.ToString()).Value);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10")]
    [InlineData("-1")]
    [InlineData("a")]
    [InlineData("１")]
    public void No_other_rank_is_read(string text) => Assert.Equal("birth-rank-impossible", BirthRank.Parse(text).Error?.Code);

    [Fact]
    public void The_first_rank_has_a_name() => Assert.Equal(1, BirthRank.First.Value);
}
