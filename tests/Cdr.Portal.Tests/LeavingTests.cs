using Cdr.Portal.Layout;

namespace Cdr.Portal.Tests;

public sealed class LeavingTests
{
    [Fact]
    public void A_page_that_was_left_may_still_ask_for_its_token_and_is_told_so()
    {
        var leaving = new Leaving();
        leaving.Cancel();
        leaving.Dispose();

        Assert.True(leaving.Token.IsCancellationRequested);
        var heard = false;
        using var registration = leaving.Token.Register(() => heard = true);
        Assert.True(heard);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(leaving.Token);
        Assert.True(linked.IsCancellationRequested);
    }
}
