using Cdr.Contracts.Rights;
using Cdr.Portal.Boards;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Portal.Tests;

/// <summary>One stream of the regimes' states, to its end: whatever ends it but itself, it was lost.</summary>
public sealed class RegimeWatchTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());

    private int count;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_says_nothing_for_thirty_seconds_is_lost_and_one_that_lives_is_not()
    {
        var end = FollowAsync();
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Platform.Rights.Changes.Writer.WriteAsync(FakeRights.Alive, Cancel);
            await ToldAsync(Platform.Rights.Regimes[0]);
        }

        time.Advance(TimeSpan.FromSeconds(29));
        await ToldAsync(Platform.Rights.Regimes[0]);
        Assert.False(end.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.IsType<Reply<DateTimeOffset>.Refused>(await end.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task What_only_says_that_it_lives_is_not_lost_and_tells_nothing()
    {
        var end = FollowAsync();
        await ToldAsync(Platform.Rights.Regimes[0]);
        var before = count;
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Platform.Rights.Changes.Writer.WriteAsync(FakeRights.Alive, Cancel);
            // No one can see that it was read: the machine's time goes by.
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Cancel);
        }

        Assert.Equal((false, before), (end.IsCompleted, count));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public async Task An_end_sooner_than_a_minute_counts_as_lost(int twentySeconds, bool lost)
    {
        var end = FollowAsync();
        for (var i = 0; i < twentySeconds; i++)
        {
            await ToldAsync(Platform.Rights.Regimes[0]);
            time.Advance(TimeSpan.FromSeconds(20));
        }

        await Platform.Rights.Changes.Writer.WriteAsync(FakeRights.End, Cancel);

        Assert.Equal(lost, await end.WaitAsync(Patience, Cancel) is Reply<DateTimeOffset>.Refused);
    }

    [Fact]
    public async Task Whatever_the_follower_stumbles_over_is_a_loss() =>
        Assert.IsType<Reply<DateTimeOffset>.Refused>(await Watch.FollowAsync(_ => throw new InvalidOperationException("The page's."), Cancel).WaitAsync(Patience, Cancel));

    [Fact]
    public void Boards_that_lost_it_together_do_not_come_back_together()
    {
        var waits = Enumerable.Range(0, 100).Select(_ => RegimeWatch.Wait(TimeSpan.FromSeconds(10))).ToArray();

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)));
        Assert.True(waits.Max() - waits.Min() > TimeSpan.FromSeconds(5));
    }

    private RegimeWatch Watch => new(Services.GetRequiredService<Caller>(), time);

    private Task<Reply<DateTimeOffset>> FollowAsync() => Watch.FollowAsync(
        _ =>
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        },
        Cancel);

    /// <summary>Tells one, and waits until it was seen.</summary>
    private async Task ToldAsync(RegimeInfo regime)
    {
        while (Volatile.Read(ref count) < Platform.Rights.Regimes.Count)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        var before = Volatile.Read(ref count);
        await Platform.Rights.Changes.Writer.WriteAsync(regime, Cancel);
        while (Volatile.Read(ref count) == before)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
    }
}
