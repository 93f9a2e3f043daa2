using Cdr.Drawer.Pki;
using Cdr.Testing;

namespace Cdr.Sessions.Tests.Features;

public sealed class DrawerFillTests
{
    [Fact]
    public async Task A_drawer_that_is_stopped_prints_no_more_cards()
    {
        using var folder = new TestFolder("drawer-fill");
        var drawer = new DemoFolder(folder.File("drawer"), folder.File("trust"), TimeProvider.System);
        drawer.Prepare();
        var printed = Directory.GetFiles(folder.File("drawer/cards")).Length;
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        Assert.ThrowsAny<OperationCanceledException>(() => drawer.Fill(stopped.Token));

        Assert.Equal(printed, Directory.GetFiles(folder.File("drawer/cards")).Length);
    }
}
