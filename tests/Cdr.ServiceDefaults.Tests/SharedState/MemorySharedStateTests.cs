using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.ServiceDefaults.Tests.SharedState;

public sealed class MemorySharedStateTests : SharedStateRules
{
    private readonly FakeTimeProvider clock = new();

    private protected override Task<ISharedState> OpenAsync() => Task.FromResult<ISharedState>(new MemorySharedState(clock));

    [Fact]
    public async Task A_value_ends_with_its_time_and_may_then_be_added_again()
    {
        var state = await OpenAsync();
        await state.SetAsync("k", [1], Hour, Cancel);
        clock.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.NotNull(await state.GetAsync("k", Cancel));
        Assert.False(await state.TryAddAsync("k", [2], Hour, Cancel));

        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Null(await state.GetAsync("k", Cancel));
        var added = await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(() => state.TryAddAsync("k", [(byte)n], Hour, Cancel), Cancel)));
        Assert.Single(added, true);
    }

    [Fact]
    public async Task What_ended_leaves_the_memory()
    {
        var state = new MemorySharedState(clock);
        for (var n = 0; n < 4000; n++)
            Assert.True(await state.TryAddAsync($"ended-{n}", [1], Hour, Cancel));
        clock.Advance(Hour);
        for (var n = 0; n < 5000; n++)
            Assert.True(await state.TryAddAsync($"live-{n}", [1], Hour, Cancel));

        Assert.Equal(5000, state.Count);
    }
}
