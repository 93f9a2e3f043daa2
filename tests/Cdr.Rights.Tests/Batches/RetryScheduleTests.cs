using Cdr.Rights.Batches;

namespace Cdr.Rights.Tests.Batches;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Accepted = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    public void Tries_grow_apart_until_the_last_which_is_just_after_the_end(int hours)
    {
        var options = new BatchOptions { GiveUpAfter = TimeSpan.FromHours(hours) };
        var (end, line) = (Accepted + options.GiveUpAfter, Guid.CreateVersion7(Accepted));
        List<DateTimeOffset> tries = [Accepted];
        while (tries[^1] < end)
            tries.Add(RetrySchedule.Next(options, tries.Count, line, tries[^1], end));

        Assert.InRange(tries[^1], end, end + options.FirstRetry);
        Assert.InRange(tries.Count, 7, 16);
        Assert.InRange(tries[1] - Accepted, options.FirstRetry * 0.8, options.FirstRetry * 1.2);
        Assert.All(tries.Zip(tries.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromTicks(1), options.LongestRetry * 1.2));
        // Nothing of ours keeps a line from a further try after the last: it is made with what is known then.
        Assert.True(RetrySchedule.Next(options, 3, line, end, end) > end);
    }

    [Fact]
    public void Lines_of_a_file_do_not_all_come_back_at_one_moment()
    {
        var options = new BatchOptions();
        var next = Enumerable.Range(0, 500).Select(_ => RetrySchedule.Next(options, 1, Guid.CreateVersion7(Accepted), Accepted, Accepted.AddDays(1))).ToList();
        Assert.True(next.Max() - next.Min() > options.FirstRetry * 0.3);
        var last = Enumerable.Range(0, 500).Select(_ => RetrySchedule.Next(options, 9, Guid.CreateVersion7(Accepted), Accepted.AddHours(23), Accepted.AddDays(1))).ToList();
        Assert.True(last.Max() - last.Min() > options.FirstRetry * 0.5);
    }
}
