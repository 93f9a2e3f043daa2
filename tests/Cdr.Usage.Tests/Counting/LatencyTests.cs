using Cdr.Usage.Rollups;
using FsCheck;
using FsCheck.Xunit;

namespace Cdr.Usage.Tests.Counting;

public sealed class LatencyTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(1000, 11)]
    [InlineData(1001, 12)]
    [InlineData(6001, 15)]
    [InlineData(int.MaxValue, 15)]
    public void A_duration_has_one_range_that_its_bound_belongs_to(int milliseconds, int bucket) => Assert.Equal(bucket, Latency.Bucket(milliseconds));

    [Fact]
    public void Nothing_has_no_percentile() => Assert.Null(Latency.Percentile(new long[Latency.Buckets], 0.5));

    [Fact]
    public void Beyond_the_last_bound_it_is_the_last_bound() => Assert.Equal(6000, Latency.Percentile(Of([7000, 9000]), 0.5));

    [Fact]
    public void The_least_is_told_in_the_range_of_the_first() => Assert.Equal(10, Latency.Percentile(Of([6]), 0));

    [Fact]
    public void How_many_kept_the_objective_is_exact() => Assert.Equal(3, Latency.UpTo(Of([1, 999, 1000, 1001, 20_000]), 1000));

    [Property(MaxTest = 300)]
    public void A_percentile_lies_in_the_range_of_the_true_one(NonEmptyArray<ushort> durations, byte hundredths)
    {
        var part = hundredths % 101 / 100.0;
        var sorted = durations.Get.Select(one => (int)one).Order().ToArray();
        var exact = sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];

        var told = Latency.Percentile(Of(sorted), part)!.Value;

        // Of the first range the low end is 0, which is told as a duration of it.
        Assert.True(Latency.Bucket(told) == Latency.Bucket(exact) || told == 6000 && exact > 6000, $"{told} for {exact}");
    }

    [Property(MaxTest = 100)]
    public void Merged_they_say_what_all_of_them_say(ushort[] one, ushort[] other) =>
        Assert.Equal(Of((ushort[])[.. one, .. other]), Of(one).Zip(Of(other), (left, right) => left + right));

    private static long[] Of(IEnumerable<int> durations)
    {
        var counts = new long[Latency.Buckets];
        foreach (var duration in durations)
            counts[Latency.Bucket(duration)]++;
        return counts;
    }

    private static long[] Of(ushort[] durations) => Of(durations.Select(one => (int)one));
}
