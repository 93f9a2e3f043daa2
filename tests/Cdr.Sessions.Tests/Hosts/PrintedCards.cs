using Cdr.Drawer.Pki;
using Cdr.Testing;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>The drawer's cards, printed once for all tests; each host takes its own copy of the folders.</summary>
public sealed class PrintedCards : IDisposable
{
    private readonly TestFolder folder = new("cards");

    public PrintedCards()
    {
        var demo = new DemoFolder(folder.Folder("drawer"), folder.Folder("trust"), TimeProvider.System);
        demo.Prepare();
        demo.Fill(TestContext.Current.CancellationToken);
    }

    public void CopyTo(string data)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(data, Path.GetRelativePath(folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    public void Dispose() => folder.Dispose();
}
