using Cdr.Bench.Running;

namespace Cdr.Architecture.Tests.Bench;

/// <summary>What a cached question costs only goes down: what is higher than what was written is not held.</summary>
public sealed class BaselineTests
{
    [Theory]
    [InlineData(2.0, "lower than 2.00 (−25.0 %)", true, 1.4, 1.5, 1.6)]
    [InlineData(2.0, "higher than 2.00 (+25.0 %)", false, 2.4, 2.5, 2.6)]
    // Two runs of one build differ by as much.
    [InlineData(2.0, "same as 2.00 (+1.5 %)", true, 2.02, 2.03, 2.04)]
    [InlineData(2.0, "higher than 2.00 (+3.0 %)", false, 2.05, 2.06, 2.07)]
    // It lies within the spread of these rounds.
    [InlineData(2.0, "same as 2.00 (+25.0 %)", true, 2.0, 2.5, 2.6)]
    [InlineData(2.0, "same as 2.00 (−25.0 %)", true, 1.4, 1.5, 2.0)]
    public void Beside_what_was_written_it_is_lower_the_same_or_higher(double written, string said, bool held, params double[] rounds) =>
        Assert.Equal(new FigureRow("    beside baseline.json", said, new Goal("lower or same", held)), Baseline.Compare(Of(rounds), written, "0.00"));

    [Fact]
    public void What_was_never_written_is_no_goal() => Assert.Null(Baseline.Compare(Of(1), null, "0").Goal);

    [Fact]
    public void What_is_no_figure_is_not_held() => Assert.False(Baseline.Compare(Of(double.NaN), 2, "0").Goal!.IsHeld);

    [Fact]
    public void The_committed_one_is_read() => Assert.True(Baseline.Read() is { BytesACachedQuestion: > 1000 and <= 25_000, CpuOverFloorB: > 0.5 and < 10 });

    [Fact]
    public void A_ratio_is_of_each_round_and_its_median_is_not_the_medians_ratio()
    {
        var ratio = Of(10, 40, 90).Over(Of(10, 20, 30));

        Assert.Equal([1, 2, 3], ratio.Values);
        Assert.Equal((2, "2.0 ms (1.0 – 3.0)"), (ratio.Median, ratio.Text("0.0", " ms")));
        Assert.Equal(0.5, Of(1, 2, 6).Over(Of(2, 4, 1)).Median);
    }

    private static Rounds Of(params double[] values)
    {
        var rounds = new Rounds();
        foreach (var value in values)
            rounds.Add(value);
        return rounds;
    }
}
