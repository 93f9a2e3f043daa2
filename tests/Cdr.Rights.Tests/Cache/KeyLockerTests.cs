using Cdr.Rights.Cache;

namespace Cdr.Rights.Tests.Cache;

public sealed class KeyLockerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private readonly KeyLocker locker = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => locker.Dispose();

    [Fact]
    public async Task One_at_a_time_a_key_and_another_key_does_not_wait()
    {
        var first = await TakeAsync("a", Timeout.InfiniteTimeSpan, Cancellation);
        var second = TakeAsync("a", Timeout.InfiniteTimeSpan, Cancellation);
        var other = await TakeAsync("b", TimeSpan.Zero, Cancellation);

        Assert.NotNull(other);
        Assert.False(second.IsCompleted);
        GiveBack("a", first);
        GiveBack("a", await second);
        GiveBack("b", other);
        Assert.Equal(0, locker.Keys);
    }

    [Fact]
    public async Task Who_does_not_get_it_in_time_goes_on_without_and_may_give_back_nothing()
    {
        var held = await TakeAsync("a", Timeout.InfiniteTimeSpan, Cancellation);

        var late = await TakeAsync("a", Soon, Cancellation);
        GiveBack("a", late);

        Assert.Null(late);
        Assert.Null(await TakeAsync("a", TimeSpan.Zero, Cancellation));
        GiveBack("a", held);
        Assert.Equal(0, locker.Keys);
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_behind()
    {
        var held = await TakeAsync("a", Timeout.InfiniteTimeSpan, Cancellation);
        using var gone = new CancellationTokenSource();
        var waiting = TakeAsync("a", Timeout.InfiniteTimeSpan, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        GiveBack("a", held);
        Assert.Equal(0, locker.Keys);
    }

    [Fact]
    public async Task Among_many_nobody_is_inside_with_another_and_no_key_is_remembered()
    {
        var inside = new int[7];
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_000), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, async (number, stop) =>
        {
            var key = number % inside.Length;
            var mine = await TakeAsync($"{key}", Timeout.InfiniteTimeSpan, stop);
            Assert.Equal(1, Interlocked.Increment(ref inside[key]));
            await Task.Yield();
            Interlocked.Decrement(ref inside[key]);
            GiveBack($"{key}", mine);
        });

        Assert.Equal(0, locker.Keys);
    }

    private Task<object?> TakeAsync(string key, TimeSpan timeout, CancellationToken stop) =>
        locker.AcquireLockAsync("cache", "one", "operation", key, timeout, null, stop).AsTask();

    private void GiveBack(string key, object? held) => locker.ReleaseLock("cache", "one", "operation", key, held, null);
}
