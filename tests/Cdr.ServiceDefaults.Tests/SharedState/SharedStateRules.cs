using Cdr.ServiceDefaults.SharedState;

namespace Cdr.ServiceDefaults.Tests.SharedState;

/// <summary>What holds in memory and on Redis alike.</summary>
public abstract class SharedStateRules
{
    private protected static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<ISharedState> OpenAsync();

    [Fact]
    public async Task A_value_is_read_as_it_was_set_replaced_and_removed()
    {
        var state = await OpenAsync();
        Assert.Null(await state.GetAsync("k", Cancel));
        await state.SetAsync("k", [1], Hour, Cancel);
        await state.SetAsync("k", [2, 0, 255], Hour, Cancel);
        Assert.Equal([2, 0, 255], (await state.GetAsync("k", Cancel))!);
        await state.RemoveAsync("k", null, Cancel);
        Assert.Null(await state.GetAsync("k", Cancel));
        await state.RemoveAsync("k", null, Cancel);
    }

    [Fact]
    public async Task Of_many_that_add_at_once_one_does()
    {
        var state = await OpenAsync();

        var added = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(() => state.TryAddAsync("race", [(byte)n], Hour, Cancel), Cancel)));

        Assert.Single(added, true);
        Assert.Equal([(byte)Array.IndexOf(added, true)], (await state.GetAsync("race", Cancel))!);
    }

    [Fact]
    public async Task A_lock_is_taken_only_where_nothing_is_there_and_nobody_holds_it()
    {
        var state = await OpenAsync();
        await state.SetAsync("session", [7], Hour, Cancel);

        Assert.Equal(("07", null, true), await LookAsync("session", 1));
        Assert.Equal(("07", null, false), await LookAsync("session", 2));
        Assert.Equal([1], (await state.GetAsync("reply:lock", Cancel))!);
        await state.RemoveAsync("reply:lock", [1], Cancel);
        Assert.Equal((null, null, true), await LookAsync("", 3));
        await state.RemoveAsync("reply:lock", [3], Cancel);
        await state.SetAsync("reply", [9], Hour, Cancel);
        Assert.Equal(("07", "09", false), await LookAsync("session", 4));
        Assert.Null(await state.GetAsync("reply:lock", Cancel));

        async Task<(string? Session, string? Reply, bool Locked)> LookAsync(string session, byte mark)
        {
            var (first, second, locked) = await state.GetTwoOrLockAsync(session, "reply", "reply:lock", [mark], Hour, Cancel);
            return (first is null ? null : Convert.ToHexString(first), second is null ? null : Convert.ToHexString(second), locked);
        }
    }

    [Fact]
    public async Task Of_many_that_look_at_once_one_gets_the_lock()
    {
        var state = await OpenAsync();

        var looks = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(() => state.GetTwoOrLockAsync("", "nothing", "nothing:lock", [(byte)n], Hour, Cancel), Cancel)));

        Assert.Single(looks, look => look.Locked);
    }

    [Fact]
    public async Task Which_of_many_are_there_is_told_in_their_order()
    {
        var state = await OpenAsync();
        await state.SetAsync("there-1", [1], Hour, Cancel);
        await state.SetAsync("there-3", [], Hour, Cancel);
        Assert.Equal([true, false, true], await state.ExistAsync(["there-1", "there-2", "there-3"], Cancel));
        Assert.Empty(await state.ExistAsync([], Cancel));
    }

    [Fact]
    public async Task A_number_only_goes_up_and_only_behind_its_mark()
    {
        var state = await OpenAsync();
        Assert.Equal(Raised.Absent, await RaiseAsync(state, "n", 5));
        await state.SetAsync("n", "1"u8.ToArray(), Hour, Cancel);
        Assert.Equal(Raised.Yes, await RaiseAsync(state, "n", 5));
        Assert.Equal("15"u8.ToArray(), (await state.GetAsync("n", Cancel))!);
        Assert.Equal(Raised.NotHigher, await RaiseAsync(state, "n", 5));
        Assert.Equal(Raised.NotHigher, await RaiseAsync(state, "n", 4));
        Assert.Equal(Raised.Yes, await RaiseAsync(state, "n", (1L << 53) - 1));
        Assert.Equal(Raised.NotHigher, await RaiseAsync(state, "n", (1L << 53) - 2));
        await state.SetAsync("n", "0"u8.ToArray(), Hour, Cancel);
        Assert.Equal(Raised.OtherMark, await RaiseAsync(state, "n", (1L << 53) - 1));
        Assert.Equal("0"u8.ToArray(), (await state.GetAsync("n", Cancel))!);
    }

    [Fact]
    public async Task Of_several_marks_the_first_is_what_it_bears_from_then_on()
    {
        var state = await OpenAsync();
        await state.SetAsync("marks", "1"u8.ToArray(), Hour, Cancel);
        Assert.Equal(Raised.Yes, await RaiseAsync(state, "marks", 5, "21"));
        Assert.Equal("25"u8.ToArray(), (await state.GetAsync("marks", Cancel))!);
        Assert.Equal(Raised.NotHigher, await RaiseAsync(state, "marks", 5, "12"));
        Assert.Equal(Raised.OtherMark, await RaiseAsync(state, "marks", 6, "1"));
        Assert.Equal(Raised.Yes, await RaiseAsync(state, "marks", 6, "12"));
        Assert.Equal("16"u8.ToArray(), (await state.GetAsync("marks", Cancel))!);
        await state.SetAsync("marks", "0"u8.ToArray(), Hour, Cancel);
        Assert.Equal(Raised.OtherMark, await RaiseAsync(state, "marks", 7, "12"));
    }

    [Fact]
    public async Task Many_numbers_go_up_at_once_each_by_its_own_rule()
    {
        var state = await OpenAsync();
        await state.SetAsync("many-1", "1"u8.ToArray(), Hour, Cancel);
        await state.SetAsync("many-2", "19"u8.ToArray(), Hour, Cancel);
        await state.SetAsync("many-3", "0"u8.ToArray(), Hour, Cancel);
        // The same one twice: the second is no higher.
        var raised = await state.RaiseAsync([("many-1", 5), ("many-2", 7), ("many-3", 7), ("many-4", 7), ("many-1", 5)], "1", Hour, Cancel);
        Assert.Equal([Raised.Yes, Raised.NotHigher, Raised.OtherMark, Raised.Absent, Raised.NotHigher], raised);
        Assert.Equal("15"u8.ToArray(), (await state.GetAsync("many-1", Cancel))!);
        Assert.Empty(await state.RaiseAsync([], "1", Hour, Cancel));
    }

    [Fact]
    public async Task Of_many_that_raise_to_one_number_at_once_one_does()
    {
        var state = await OpenAsync();
        await state.SetAsync("race-up", "1"u8.ToArray(), Hour, Cancel);

        var raised = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => RaiseAsync(state, "race-up", 7), Cancel)));

        Assert.Single(raised, Raised.Yes);
    }

    [Fact]
    public async Task A_lock_is_removed_by_its_holder_only()
    {
        var state = await OpenAsync();
        await state.SetAsync("lock", [7], Hour, Cancel);

        await state.RemoveAsync("lock", [8], Cancel);
        Assert.Equal([7], (await state.GetAsync("lock", Cancel))!);
        await state.RemoveAsync("lock", [7], Cancel);
        Assert.True(await state.TryAddAsync("lock", [8], Hour, Cancel));
    }

    [Fact]
    public async Task Two_values_are_read_at_once()
    {
        var state = await OpenAsync();
        await state.SetAsync("a", [1], Hour, Cancel);

        var (first, second) = await state.GetTwoAsync("a", "b", Cancel);
        Assert.Equal([1], first!);
        Assert.Null(second);
        await state.SetAsync("b", [2], Hour, Cancel);
        (first, second) = await state.GetTwoAsync("b", "a", Cancel);
        Assert.Equal([2], first!);
        Assert.Equal([1], second!);
    }

    [Fact]
    public async Task A_value_is_replaced_only_while_it_is_the_one_expected()
    {
        var state = await OpenAsync();
        await state.SetAsync("k", [1], Hour, Cancel);

        await state.ReplaceAsync("k", [2], [3], Cancel);
        Assert.Equal([1], (await state.GetAsync("k", Cancel))!);
        await state.ReplaceAsync("k", [1], [3], Cancel);
        Assert.Equal([3], (await state.GetAsync("k", Cancel))!);
        await state.RemoveAsync("k", null, Cancel);
        await state.ReplaceAsync("k", [3], [4], Cancel);
        Assert.Null(await state.GetAsync("k", Cancel));
    }

    [Fact]
    public async Task A_set_is_added_to_by_many_and_loses_only_what_is_named()
    {
        var state = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(() => state.AddToSetAsync("set", $"{n % 32}", Hour, Cancel), Cancel)));

        Assert.Equal(Enumerable.Range(0, 32), (await state.ReadSetAsync("set", Cancel)).Select(int.Parse).Order());
        await state.RemoveFromSetAsync("set", [.. Enumerable.Range(0, 31).Select(n => $"{n}"), "another"], Cancel);
        Assert.Equal(["31"], await state.ReadSetAsync("set", Cancel));
        await state.RemoveFromSetAsync("set", [], Cancel);
        await state.RemoveFromSetAsync("set", ["31"], Cancel);
        Assert.Empty(await state.ReadSetAsync("set", Cancel));
        await state.RemoveFromSetAsync("nothing", ["1"], Cancel);
    }

    [Fact]
    public async Task A_list_is_added_to_by_many_and_read_on_from_where_it_was_read()
    {
        var state = await OpenAsync();
        Assert.Equal("0:", await ReadAsync(0));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(() => state.AddToListAsync("list", $"{n}", Hour, Cancel), Cancel)));

        var (texts, next) = await state.ReadListAsync("list", 0, Cancel);
        Assert.Equal(Enumerable.Range(0, 64), texts.Select(int.Parse).Order());
        Assert.Equal(64, next);
        Assert.Equal("64:", await ReadAsync(64));
        await state.AddToListAsync("list", "a", Hour, Cancel);
        await state.AddToListAsync("list", "b", Hour, Cancel);
        Assert.Equal("66:b", await ReadAsync(65));
        // It vanished, and began again.
        await state.AddToListAsync("another", "c", Hour, Cancel);
        Assert.Equal("1:c", await ReadAsync(66, "another"));

        async Task<string> ReadAsync(long from, string list = "list")
        {
            var (some, after) = await state.ReadListAsync(list, from, Cancel);
            return $"{after}:{string.Join(',', some)}";
        }
    }

    private static async Task<Raised> RaiseAsync(ISharedState state, string key, long number, string marks = "1") => Assert.Single(await state.RaiseAsync([(key, number)], marks, Hour, Cancel));
}
