using Cdr.Bench.Running;

namespace Cdr.Architecture.Tests.Bench;

/// <summary>When ./bench says that a goal is held, and what it ends with.</summary>
public sealed class VerdictTests
{
    private static readonly FigureRow Held = new("Known person", "1.5 ms (1.4 – 1.9)", Goal.AtMost(1.5, 2, " ms"));
    private static readonly FigureRow Missed = new("  regime calls a question", "1.2 (1.1 – 1.3)", Goal.AtMost(1.2, 1.1));
    private static readonly FigureRow Beside = new("Floor A, 128 connections", "37000/s (36000 – 38000)");

    [Theory]
    [InlineData(2, true)]
    [InlineData(2.0001, false)]
    [InlineData(-1, true)]
    // A division by nothing is no figure.
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void At_most_is_held_up_to_its_limit(double figure, bool held) => Assert.Equal(new Goal("p99 ≤ 2 ms", held), Goal.AtMost(figure, 2, " ms", "p99 "));

    [Theory]
    [InlineData(0.8, true)]
    [InlineData(0.7999, false)]
    [InlineData(double.NaN, false)]
    public void At_least_is_held_from_its_limit(double figure, bool held) => Assert.Equal(new Goal("≥ 0.8", held), Goal.AtLeast(figure, 0.8));

    [Theory]
    [InlineData(true, 0d, 0d, 0d)]
    [InlineData(false, 0d, 0d, 1d)]
    [InlineData(false, 1d, 0d, 0d)]
    // Nothing was measured: nothing was promised.
    [InlineData(false)]
    public void A_promise_is_held_by_every_round_and_by_one_at_least(bool held, params double[] rounds) => Assert.Equal(new Goal("0", held), Goal.Always(0, rounds));

    [Fact]
    public void Limits_are_written_as_they_are_read() => Assert.Equal("≤ 25,000", Goal.AtMost(1, 25_000).Text);

    [Fact]
    public void The_table_says_the_verdict_of_each_row_that_has_a_goal()
    {
        string[] lines = [.. Table.Lines([Beside, Held, Missed])];

        Assert.Equal(["", "held", "NOT held"], lines[2..].Select(line => line.Split('|')[^2].Trim()));
        Assert.Equal(["", "≤ 2 ms", "≤ 1.1"], lines[2..].Select(line => line.Split('|')[^3].Trim()));
        // Each column is as wide as its widest.
        Assert.Single(lines.Select(line => line.Length).Distinct());
    }

    [Fact]
    public void The_last_line_counts_the_goals_and_names_each_that_was_not_held_under_its_heading()
    {
        Assert.Equal("1 of 2 goals held; not held: Known person, regime calls a question: 1.2 (1.1 – 1.3) where the goal is ≤ 1.1.", Table.Sum([Beside, Held, Missed]));
        Assert.Equal("1 of 1 goals held.", Table.Sum([Held, Beside]));
        Assert.Equal("0 of 1 goals held; not held: A day: 61 s where the goal is ≤ 60 s.", Table.Sum([new FigureRow("A day", "61 s", Goal.AtMost(61, 60, " s"))]));
        Assert.Equal("No goal is set for this part.", Table.Sum([Beside]));
    }

    [Fact]
    public void A_goal_that_is_not_held_fails_a_strict_run_alone()
    {
        var (strict, plain) = (BenchPlan.From(["--strict"])!, BenchPlan.From([])!);

        Assert.Equal((1, 0), (strict.EndsWith([Held, Missed, Beside]), plain.EndsWith([Held, Missed, Beside])));
        Assert.Equal((0, 0), (strict.EndsWith([Held, Beside]), strict.EndsWith([])));
    }

    [Theory]
    [InlineData("--only", "known,day", true)]
    [InlineData("--quick", "--strict", true)]
    [InlineData("--only", "weather", false)]
    [InlineData("--strict", "--only", false)]
    [InlineData("--strictly", "--quick", false)]
    // Short rounds are no baseline, nor is another part's figure.
    [InlineData("--write-baseline", "--quick", false)]
    [InlineData("--write-baseline", "--only=known", false)]
    [InlineData("--write-baseline", "--strict", true)]
    public void What_cannot_be_run_as_asked_is_not_run(string first, string second, bool runs) => Assert.Equal(runs, BenchPlan.From([first, second]) is not null);

    [Fact]
    public void A_baseline_is_of_the_part_that_measures_it()
    {
        Assert.Null(BenchPlan.From(["--write-baseline", "--only", "known"]));
        Assert.True(BenchPlan.From(["--write-baseline", "--only", "cached,known"]) is { WritesBaseline: true, IsQuick: false });
    }
}
